package io.ledgerway.node.kernel;

/// What one kernel thread works with: a socket in the node's namespace, and buffers that it shares with the short-lived
/// sockets in pods.
public final class KernelSession implements AutoCloseable {
    private final NetNs home = NetNs.own();
    private final NlBuffers buffers = new NlBuffers();
    private final NetNs node;
    private NlSocket onNode;

    KernelSession(NetNs node) {
        this.node = node;
    }

    public NetNs node() {
        return node;
    }

    /// The socket in the node's namespace; a new one where the last was broken.
    public NlSocket onNode() {
        if (onNode != null && onNode.broken()) {
            onNode.close();
            onNode = null;
        }
        if (onNode == null) {
            onNode = NlSocket.open(node, home, buffers);
        }
        return onNode;
    }

    /// A new socket in a pod's namespace, for the caller to close. Its answers must be used before the next exchange on
    /// the node.
    public NlSocket openIn(NetNs pod) {
        return NlSocket.open(pod, home, buffers);
    }

    /// Reads a file below `/proc/sys/net` as the node's namespace shows it.
    public String readNodeSysctl(String file) {
        return node.readSysctl(home, file);
    }

    public void writeNodeSysctl(String file, String value) {
        node.writeSysctl(home, file, value);
    }

    /// Reads a file below `/proc/sys/net` as that namespace shows it.
    public String readSysctl(NetNs where, String file) {
        return where.readSysctl(home, file);
    }

    public void writeSysctl(NetNs where, String file, String value) {
        where.writeSysctl(home, file, value);
    }

    @Override
    public void close() {
        if (onNode != null) {
            onNode.close();
        }
        home.close();
    }
}
