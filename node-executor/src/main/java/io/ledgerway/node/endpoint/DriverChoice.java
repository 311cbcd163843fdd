package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelCapabilities.Capability;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which driver a node uses, from what is wanted and what its kernel can do. Pure; whoever asks keeps the
/// answer, because the driver of a node is never changed under running pods.
///
/// @param chosen what the node uses
/// @param fallback why it is not what was wanted; empty if it is
public record DriverChoice(Kind chosen, Optional<String> fallback) {

    public enum Kind {
        VETH("veth", EnumSet.of(Capability.VETH)),
        IPVLAN_L2("ipvlan", EnumSet.of(Capability.VETH, Capability.IPVLAN, Capability.CLSACT, Capability.REDIRECT)),
        IPVLAN_L3("ipvlan-l3", EnumSet.of(Capability.VETH, Capability.IPVLAN, Capability.CLSACT, Capability.REDIRECT)),
        EXCLUSIVE("exclusive", EnumSet.of(Capability.VETH)),
        VLAN("vlan", EnumSet.of(Capability.VETH, Capability.VLAN));

        private final String word;
        private final Set<Capability> needs;

        Kind(String word, Set<Capability> needs) {
            this.word = word;
            this.needs = needs;
        }

        /// The word of the configuration.
        public String word() {
            return word;
        }

        /// Whether pods of this kind share ENIs, so that `VETH` can stand in for it.
        boolean sharesEnis() {
            return switch (this) {
                case VETH, IPVLAN_L2, IPVLAN_L3 -> true;
                case EXCLUSIVE, VLAN -> false;
            };
        }
    }

    /// Throws `EndpointException` with `UNSUPPORTED` for a word that is no driver, and where the kernel cannot
    /// do what is wanted and nothing can stand in: what was allocated for a whole ENI or a trunk connects in no
    /// other way.
    public static DriverChoice of(String wanted, boolean ipv6, KernelCapabilities kernel) {
        Kind kind = kind(wanted);
        List<String> missing = missing(kind, ipv6, kernel);
        if (missing.isEmpty()) {
            return new DriverChoice(kind, Optional.empty());
        }
        String why = "this kernel cannot do what " + wanted + " needs: " + String.join("; ", missing);
        if (kind.sharesEnis()
                && kind != Kind.VETH
                && missing(Kind.VETH, ipv6, kernel).isEmpty()) {
            return new DriverChoice(Kind.VETH, Optional.of(why));
        }
        throw EndpointException.unsupported(why + "; no other driver connects the same");
    }

    private static Kind kind(String wanted) {
        if (wanted.equals("ipvlan-l3s")) {
            new IpvlanDriver(IpvlanMode.L3S, HostStack.NONE); // Says why not.
        }
        for (Kind kind : Kind.values()) {
            if (kind.word.equals(wanted)) {
                return kind;
            }
        }
        throw EndpointException.unsupported("there is no driver " + wanted + "; there are "
                + List.of(Kind.values()).stream().map(Kind::word).toList());
    }

    private static List<String> missing(Kind kind, boolean ipv6, KernelCapabilities kernel) {
        Set<Capability> needs = EnumSet.copyOf(kind.needs);
        if (ipv6) {
            needs.add(Capability.IPV6);
        }
        List<String> missing = new ArrayList<>();
        needs.forEach(need -> kernel.refusal(need).ifPresent(why -> missing.add(need + " (" + why + ")")));
        return missing;
    }

    public Driver driver(HostStack hostStack) {
        return switch (chosen) {
            case VETH -> new VethDriver();
            case IPVLAN_L2 -> new IpvlanDriver(IpvlanMode.L2, hostStack);
            case IPVLAN_L3 -> new IpvlanDriver(IpvlanMode.L3, hostStack);
            case EXCLUSIVE -> new ExclusiveDriver(hostStack);
            case VLAN -> new VlanDriver(hostStack);
        };
    }
}
