package io.ledgerway.node.kernel;

import java.nio.charset.StandardCharsets;

/// Links on top of another one, and links that move: what makes a pod's interface out of an ENI.
public final class StackedLink {
    private static final int IPVLAN_MODE = 1;
    private static final int VLAN_ID = 1;

    private StackedLink() {}

    /// The modes of an ipvlan with the kernel's numbers. `L3S` is known so that it can be refused.
    public enum IpvlanMode {
        L2,
        L3,
        L3S;

        public int number() {
            return ordinal();
        }
    }

    /// Makes a slave straight in the pod's namespace; fails if the name is taken there.
    public static NlRequest ipvlan(String name, int parent, IpvlanMode mode, int mtu, NetNs pod) {
        return new NlRequest(
                "create",
                "ipvlan " + mode + " " + name + " of link " + parent + " in " + pod,
                NlRequest.NEW_LINK,
                NlRequest.CREATE | NlRequest.EXCLUSIVE,
                w -> ipvlanOf(
                        Link.header(w, 0, 0, 0).attribute(Link.NAMESPACE_FD, pod.number()), name, parent, mode, mtu));
    }

    /// Makes the slave that the node itself uses.
    public static NlRequest ipvlanOfNode(String name, int parent, IpvlanMode mode, int mtu) {
        return new NlRequest(
                "create",
                "ipvlan " + mode + " " + name + " of link " + parent,
                NlRequest.NEW_LINK,
                NlRequest.CREATE | NlRequest.EXCLUSIVE,
                w -> ipvlanOf(Link.header(w, 0, Link.UP, Link.UP), name, parent, mode, mtu));
    }

    private static void ipvlanOf(NlWriter w, String name, int parent, IpvlanMode mode, int mtu) {
        w.attribute(Link.NAME, name)
                .attribute(Link.LOWER, parent)
                .attribute(Link.MTU, mtu)
                .nested(
                        Link.INFO,
                        () -> w.attribute(Link.INFO_KIND, "ipvlan")
                                .nested(Link.INFO_DATA, () -> w.attributeU16(IPVLAN_MODE, mode.number())));
    }

    /// Makes a VLAN of a trunk straight in the pod's namespace; fails if the name is taken there.
    public static NlRequest vlan(String name, int trunk, int id, MacAddress mac, int mtu, NetNs pod) {
        return new NlRequest(
                "create",
                "VLAN " + id + " " + name + " of link " + trunk + " in " + pod,
                NlRequest.NEW_LINK,
                NlRequest.CREATE | NlRequest.EXCLUSIVE,
                w -> Link.header(w, 0, 0, 0)
                        .attribute(Link.NAMESPACE_FD, pod.number())
                        .attribute(Link.NAME, name)
                        .attribute(Link.LOWER, trunk)
                        .attribute(Link.ADDRESS, mac.bytes())
                        .attribute(Link.MTU, mtu)
                        .nested(
                                Link.INFO,
                                () -> w.attribute(Link.INFO_KIND, "vlan")
                                        .nested(Link.INFO_DATA, () -> w.attributeU16(VLAN_ID, id))));
    }

    /// Moves a link to another namespace under another name and alias. It arrives down and without addresses.
    /// EEXIST if the name is taken there.
    public static NlRequest move(int index, String name, String alias, NetNs to, Object subject) {
        return new NlRequest(
                "move",
                subject + " to " + to + " as " + name,
                NlRequest.NEW_LINK,
                0,
                w -> Link.header(w, index, 0, Link.UP)
                        .attribute(Link.NAMESPACE_FD, to.number())
                        .attribute(Link.NAME, name)
                        .attribute(Link.ALIAS, aliasBytes(alias)));
    }

    /// Gives a link that is down another name and alias where it is.
    public static NlRequest rename(int index, String name, String alias, Object subject) {
        return new NlRequest(
                "rename",
                subject + " to " + name,
                NlRequest.NEW_LINK,
                0,
                w -> Link.header(w, index, 0, Link.UP)
                        .attribute(Link.NAME, name)
                        .attribute(Link.ALIAS, aliasBytes(alias)));
    }

    /// Without any byte the alias is taken away.
    private static byte[] aliasBytes(String alias) {
        return alias.getBytes(StandardCharsets.UTF_8);
    }
}
