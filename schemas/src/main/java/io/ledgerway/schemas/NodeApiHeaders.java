package io.ledgerway.schemas;

/// Names of what accompanies a call of the node API.
public final class NodeApiHeaders {

    /// Who the caller takes itself for. It is refused when its certificate is another node's, as when a file was put in
    /// the wrong place while an executor runs.
    public static final String NODE = "ledgerway-node";

    private NodeApiHeaders() {}
}
