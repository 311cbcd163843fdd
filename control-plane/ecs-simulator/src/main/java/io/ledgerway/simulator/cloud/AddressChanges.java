package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.NetworkInterface.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// AssignPrivateIpAddresses and UnassignPrivateIpAddresses: all of what is asked for, or nothing.
final class AddressChanges {
    private static final System.Logger LOG = System.getLogger(AddressChanges.class.getName());
    private static final int MOST_WHILE_AVAILABLE = 50;
    private static final int MOST_COUNT = 49;
    private static final int MOST_LISTED = 100;

    private final World world;
    private final Picking picking;

    AddressChanges(World world, Picking picking) {
        this.world = world;
        this.picking = picking;
    }

    Map<String, Object> assign(Parameters parameters, Turn turn) {
        parameters.refuse("Ipv4PrefixCount", "Ipv4Prefix");
        var eni = changeable(parameters, turn, "AssignPrivateIpAddresses");
        var count = parameters.number("SecondaryPrivateIpAddressCount", 1, MOST_COUNT);
        var explicit = parameters.list("PrivateIpAddress", MOST_LISTED);
        if (count.isPresent() && !explicit.isEmpty()) {
            throw Refusal.conflicting("SecondaryPrivateIpAddressCount", "PrivateIpAddress.N");
        }
        int wanted = explicit.size() + count.orElse(0);
        if (wanted == 0) {
            throw Refusal.missing("SecondaryPrivateIpAddressCount");
        }
        checkQuota(eni, wanted);
        var vSwitch = world.vSwitch(eni.vSwitchId());
        picking.check(vSwitch, explicit);
        var added = explicit.isEmpty() ? picking.free(vSwitch, wanted, List.of()) : explicit;
        var secondary = new ArrayList<>(eni.secondaryAddresses());
        secondary.addAll(added);
        change(eni, secondary, turn);
        return Documents.document(
                "AssignedPrivateIpAddressesSet",
                Documents.document(
                        "NetworkInterfaceId", eni.id(),
                        "PrivateIpSet", Documents.items("PrivateIpAddress", List.copyOf(added)),
                        "Ipv4PrefixSet", Documents.items("Ipv4Prefixes", List.of())));
    }

    Map<String, Object> unassign(Parameters parameters, Turn turn) {
        parameters.refuse("Ipv4Prefix");
        var eni = changeable(parameters, turn, "UnassignPrivateIpAddresses");
        var listed = parameters.list("PrivateIpAddress", MOST_LISTED);
        if (listed.isEmpty()) {
            throw Refusal.missing("PrivateIpAddress.N");
        }
        for (String address : listed) {
            if (!eni.secondaryAddresses().contains(address)) {
                throw new Refusal(
                        403,
                        "InvalidIp.IpUnassigned",
                        "The specified IP " + address + " is no secondary address of " + eni.id() + ".");
            }
        }
        var rest = new ArrayList<>(eni.secondaryAddresses());
        rest.removeAll(listed);
        change(eni, rest, turn);
        return Documents.document();
    }

    private NetworkInterface changeable(Parameters parameters, Turn turn, String operation) {
        var eni = world.networkInterface(parameters.required("NetworkInterfaceId"));
        if (eni.status() != Status.Available && eni.status() != Status.InUse) {
            throw Refusal.interfaceState(eni, operation);
        }
        if (turn.now().isBefore(eni.busyUntil())) {
            throw new Refusal(
                    403, "Operation.Conflict", "Another operation on " + eni.id() + " is running; try again later.");
        }
        return eni;
    }

    private void checkQuota(NetworkInterface eni, int wanted) {
        int most = eni.attachment()
                .map(a -> world.typeOf(world.instance(a.instanceId())).ipv4PerInterface())
                .orElse(MOST_WHILE_AVAILABLE);
        int held = eni.addresses().size();
        if (held + wanted > most) {
            throw new Refusal(
                    403,
                    "InvalidOperation.Ipv4CountExceeded",
                    eni.id() + " holds " + held + " of " + most + " addresses; " + wanted + " more exceed that.");
        }
    }

    private void change(NetworkInterface eni, List<String> secondary, Turn turn) {
        Instant busyUntil = turn.answersAt().plus(world.settings.quirks().writeGap());
        var changed = eni.withSecondary(secondary, busyUntil);
        if (changed.isPlugged()) {
            tell(changed);
        }
        world.put(changed);
    }

    private void tell(NetworkInterface changed) {
        try {
            world.fabric.addressesChanged(changed.view());
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, "the network did not take the addresses of " + changed.id(), failed);
            throw Refusal.internal();
        }
    }
}
