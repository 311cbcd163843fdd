package io.ledgerway.simulation.cloud;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Shell;
import java.util.List;

/// The one wire out of a VPC in a box: to an address of this machine on which the control plane listens. Instances
/// reach it as they reach a service of the cloud, through the router and behind its own address, so that this machine
/// needs no route into the VPC. It goes when the VPC goes.
///
/// @param address of this machine's end; the VPC's end has the next one, both in a block of four
public record Uplink(IpAddress address) {
    private static final int PREFIX_LENGTH = 30;

    public Uplink {
        byte[] bytes = address.bytes();
        if (bytes.length != 4 || bytes[3] % 4 != 1) {
            throw new IllegalArgumentException(
                    "an uplink is the first address of a block of four, like 192.0.2.1 or 192.0.2.5, not " + address);
        }
    }

    void connect(BoxId box) {
        String here = "lw-" + box.value();
        // The kernel takes a killed box's namespaces down in its own time, and their wires with them.
        Shell.run("ip", "link", "delete", here);
        refuseIfTaken();
        Shell.run("""
                        link add name %1$s type veth peer name uplink netns %2$s
                        link set dev %1$s addrgenmode none
                        address add %3$s/%4$d dev %1$s
                        link set dev %1$s up
                        """.formatted(here, box.vpc(), address, PREFIX_LENGTH), List.of("ip", "-batch", "-"))
                .orThrow();
        Shell.inNamespace(box.vpc(), """
                        ip address add %1$s/%2$d dev uplink
                        ip link set dev uplink up
                        nft -f - <<'END'
                        table ip uplink {
                          chain behind_the_router {
                            type nat hook postrouting priority srcnat;
                            oifname "uplink" masquerade
                          }
                        }
                        END
                        """.formatted(end(), PREFIX_LENGTH)).orThrow();
    }

    private void refuseIfTaken() {
        var holders = Shell.run("ip", "-oneline", "address", "show", "to", address + "/" + PREFIX_LENGTH)
                .orThrow();
        if (!holders.isBlank()) {
            throw new IllegalStateException("this machine already has an address in the uplink's block " + address + "/"
                    + PREFIX_LENGTH + ": " + holders.strip());
        }
    }

    private IpAddress end() {
        byte[] bytes = address.bytes();
        bytes[3]++;
        return IpAddress.of(bytes);
    }
}
