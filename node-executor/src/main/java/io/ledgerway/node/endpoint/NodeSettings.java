package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Ipv4Setting;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NlRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Settings that belong to no endpoint.
final class NodeSettings {
    private static final String COMMON = "/proc/sys/net/ipv4/conf/all/rp_filter";
    private static final String FOR_NEW_LINKS = "/proc/sys/net/ipv4/conf/default/rp_filter";

    private NodeSettings() {}

    /// The kernel takes the higher of a link's own filter and the common one, so the common one must be off for
    /// ours to be. Every other link gets for its own what the common one gave it: nothing of the node is less
    /// protected than before.
    static void freeLinksOfTheCommonReversePathFilter(KernelSession session) {
        int common = Integer.parseInt(session.readNodeSysctl(COMMON));
        if (common == 0) {
            return;
        }
        List<NlRequest> raise = new ArrayList<>();
        for (Link link : Link.all(session.onNode())) {
            if (link.setting(Ipv4Setting.RP_FILTER) < common) {
                raise.add(Link.configure(
                        link.index(), Map.of(Ipv4Setting.RP_FILTER, common), "rp_filter of link " + link.name()));
            }
        }
        for (NlRequest request : raise) {
            session.onNode().apply(List.of(request));
        }
        if (Integer.parseInt(session.readNodeSysctl(FOR_NEW_LINKS)) < common) {
            session.writeNodeSysctl(FOR_NEW_LINKS, Integer.toString(common));
        }
        session.writeNodeSysctl(COMMON, "0");
    }
}
