/// The domain: what the log says and how it is decided. It needs nothing but the JDK.
module io.ledgerway.domain {
    exports io.ledgerway.domain;
    exports io.ledgerway.domain.audit;
    exports io.ledgerway.domain.cloud;
    exports io.ledgerway.domain.cluster;
    exports io.ledgerway.domain.node;
}
