package io.ledgerway.node.kernel;

/// The kernel said no, or its answer was lost. The message names the operation, the kernel object, the errno and the
/// kernel's own text.
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int errno;
    private final boolean outcomeUnknown;

    private KernelException(String message, int errno, boolean outcomeUnknown) {
        super(message);
        this.errno = errno;
        this.outcomeUnknown = outcomeUnknown;
    }

    /// `kernelText` is the extended acknowledgement of netlink, empty where the kernel gave none.
    static KernelException refused(String operation, Object subject, int errno, String kernelText) {
        String text = kernelText.isEmpty() ? "" : ": " + kernelText;
        return new KernelException(operation + " " + subject + ": " + Errno.describe(errno) + text, errno, false);
    }

    static KernelException refused(String operation, Object subject, int errno) {
        return refused(operation, subject, errno, "");
    }

    /// The request may or may not have been carried out: whoever sent it must read back before going on.
    static KernelException unknownOutcome(String operation, Object subject, int errno) {
        return new KernelException(
                operation + " " + subject + ": outcome unknown, " + Errno.describe(errno), errno, true);
    }

    /// What was found is not what was asked for; there is no errno.
    static KernelException unexpected(String message) {
        return new KernelException(message, 0, false);
    }

    public int errno() {
        return errno;
    }

    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    static int check(int result, String operation, Object subject) {
        if (result < 0) {
            throw refused(operation, subject, -result);
        }
        return result;
    }
}
