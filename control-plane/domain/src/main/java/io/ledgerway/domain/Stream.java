package io.ledgerway.domain;

import io.ledgerway.domain.Ids.NodeName;

/// A consistency boundary in the log: everything on one stream is decided by one fold.
public record Stream(String name) {

    public static final Stream CLUSTER = new Stream("cluster");
    private static final String NODE = "node/";
    private static final String OWNER = "owner/";

    public Stream {
        if (!name.equals("cluster") && !name.startsWith(NODE) && !name.startsWith(OWNER)) {
            throw new IllegalArgumentException(
                    "a stream is 'cluster', 'node/<name>' or 'owner/<partition>', not " + name);
        }
    }

    public static Stream node(NodeName node) {
        return new Stream(NODE + node.value());
    }

    /// Who owned a partition, and since when; each partition has its own.
    public static Stream owner(int partition) {
        return new Stream(OWNER + partition);
    }

    public boolean isNode() {
        return name.startsWith(NODE);
    }

    /// The node of a node stream; any other stream has none.
    public NodeName node() {
        if (!isNode()) {
            throw new IllegalStateException("stream " + name + " is not a node's");
        }
        return new NodeName(name.substring(NODE.length()));
    }

    @Override
    public String toString() {
        return name;
    }
}
