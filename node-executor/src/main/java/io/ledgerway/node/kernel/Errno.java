package io.ledgerway.node.kernel;

/// The error numbers that netlink and namespaces give, with the words an operator knows them by. Numbers are those of
/// x86-64 and arm64.
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENOBUFS = 105;
    private static final String[][] NAMES = {
        {"1", "EPERM", "operation not permitted; the executor needs CAP_NET_ADMIN and CAP_SYS_ADMIN"},
        {"2", "ENOENT", "no such object"},
        {"3", "ESRCH", "no such route or process"},
        {"4", "EINTR", "interrupted"},
        {"6", "ENXIO", "no such device or address"},
        {"9", "EBADF", "bad file descriptor"},
        {"11", "EAGAIN", "no answer in time"},
        {"12", "ENOMEM", "out of memory"},
        {"13", "EACCES", "permission denied"},
        {"16", "EBUSY", "busy"},
        {"17", "EEXIST", "exists already"},
        {"19", "ENODEV", "no such device"},
        {"20", "ENOTDIR", "not a directory"},
        {"22", "EINVAL", "invalid argument"},
        {"23", "ENFILE", "too many open files in the system"},
        {"24", "EMFILE", "too many open files"},
        {"25", "ENOTTY", "wrong kind of file"},
        {"28", "ENOSPC", "no space left"},
        {"34", "ERANGE", "out of range"},
        {"40", "ELOOP", "too many symbolic links"},
        {"90", "EMSGSIZE", "message too long"},
        {"95", "EOPNOTSUPP", "not supported by this kernel"},
        {"97", "EAFNOSUPPORT", "address family not supported"},
        {"98", "EADDRINUSE", "address in use"},
        {"99", "EADDRNOTAVAIL", "address not available"},
        {"100", "ENETDOWN", "network is down"},
        {"101", "ENETUNREACH", "network unreachable"},
        {"105", "ENOBUFS", "no buffer space; answers of the kernel were lost"},
        {"113", "EHOSTUNREACH", "no route to host"},
    };

    private Errno() {}

    /// "EEXIST (exists already)", or "errno 71" for a number not in the table.
    public static String describe(int errno) {
        String number = Integer.toString(errno);
        for (String[] entry : NAMES) {
            if (entry[0].equals(number)) {
                return entry[1] + " (" + entry[2] + ")";
            }
        }
        return "errno " + errno;
    }
}
