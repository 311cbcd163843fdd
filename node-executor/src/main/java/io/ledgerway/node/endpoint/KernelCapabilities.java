package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlRequest;
import io.ledgerway.node.kernel.Redirect;
import io.ledgerway.node.kernel.StackedLink;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the kernel of this node can do, with the reason for what it cannot. Nothing is concluded from a version or from
/// a list of modules: each thing is made, in a namespace that ends with the probe.
public record KernelCapabilities(Map<Capability, Optional<String>> refusals) {
    private static final int MTU = 1500;
    private static final int VLAN = 5;
    private static final String PARENT = "parent";
    private static final InetAddress IPV6_ADDRESS = InetAddress.ofLiteral("2001:db8::1");
    private static final IpPrefix BLOCK = new IpPrefix(InetAddress.ofLiteral("198.51.100.0"), 24);

    public enum Capability {
        VETH,
        IPVLAN,
        VLAN,
        CLSACT,
        /// The filter that turns packets back into the node, with its three actions.
        REDIRECT,
        IPV6
    }

    public KernelCapabilities {
        refusals = Map.copyOf(refusals);
    }

    public boolean can(Capability capability) {
        return refusals.getOrDefault(capability, Optional.of("it was not tried"))
                .isEmpty();
    }

    /// Why not, in the kernel's words; empty if the kernel can.
    public Optional<String> refusal(Capability capability) {
        return refusals.getOrDefault(capability, Optional.of("it was not tried"));
    }

    /// Takes some milliseconds, the first time longer where the kernel loads modules.
    public static KernelCapabilities probe() {
        try (KernelThreads threads = new KernelThreads(NetNs.scratch())) {
            return threads.plumb(KernelCapabilities::probe);
        }
    }

    private static KernelCapabilities probe(KernelSession session) {
        Map<Capability, Optional<String>> refusals = new EnumMap<>(Capability.class);
        Optional<String> veth = tried(session, pair(session));
        refusals.put(Capability.VETH, veth);
        if (veth.isPresent()) {
            for (Capability other : Capability.values()) {
                refusals.putIfAbsent(other, Optional.of("there is no link to try it on: " + veth.get()));
            }
            return new KernelCapabilities(refusals);
        }
        int parent = session.onNode()
                .exchange(List.of(Link.get(PARENT)))
                .getFirst()
                .links()
                .getFirst()
                .index();
        NetNs here = session.node();
        refusals.put(Capability.IPVLAN, tried(session, StackedLink.ipvlan("slave", parent, IpvlanMode.L2, MTU, here)));
        refusals.put(
                Capability.VLAN,
                tried(session, StackedLink.vlan("vlan", parent, VLAN, MacAddress.locallyAdministered(3), MTU, here)));
        refusals.put(Capability.CLSACT, tried(session, Redirect.classifier(parent, PARENT)));
        refusals.put(
                Capability.REDIRECT,
                tried(session, Redirect.ours(parent, BLOCK, parent).put()));
        refusals.put(
                Capability.IPV6,
                tried(
                        session,
                        new InterfaceAddress(
                                        parent,
                                        IPV6_ADDRESS,
                                        IpPrefix.single(IPV6_ADDRESS).length(),
                                        InterfaceAddress.Scope.GLOBAL)
                                .put()));
        return new KernelCapabilities(refusals);
    }

    private static NlRequest pair(KernelSession session) {
        return Link.createVeth(
                new Link.VethEnd(PARENT, MacAddress.locallyAdministered(1)),
                new Link.VethEnd("peer", MacAddress.locallyAdministered(2)),
                session.node(),
                MTU);
    }

    private static Optional<String> tried(KernelSession session, NlRequest request) {
        try {
            session.onNode().apply(List.of(request));
            return Optional.empty();
        } catch (KernelException e) {
            if (e.outcomeUnknown() || e.errno() == Errno.EPERM) {
                throw e; // That says nothing about the kernel.
            }
            return Optional.of(e.getMessage());
        }
    }
}
