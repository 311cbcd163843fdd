package io.ledgerway.simulator.cloud;

import java.util.HashSet;
import java.util.List;

/// Which addresses of a vSwitch an interface gets.
final class Picking {
    private final World world;

    Picking(World world) {
        this.world = world;
    }

    List<String> free(VSwitch vSwitch, int count, List<String> except) {
        var free = world.state.lowestFree(vSwitch, count, except);
        if (free.size() == count) {
            return free;
        }
        // The real cloud has two names for this one fact.
        if (world.happens(world.settings.quirks().exhaustedAsQuota())) {
            throw new Refusal(400, "QuotaExceeded.PrivateIpAddress", "Don't have enough private IPs in this switch");
        }
        throw new Refusal(
                403,
                "InvalidVSwitchId.IpNotEnough",
                "The specified VSwitch \"" + vSwitch.id() + "\" has not enough IpAddress.");
    }

    /// Refuses addresses, asked for by name, that an interface in this vSwitch cannot get.
    void check(VSwitch vSwitch, List<String> addresses) {
        if (new HashSet<>(addresses).size() < addresses.size()) {
            throw new Refusal(403, "InvalidIp.IpRepeated", "The specified IP addresses are repeated: " + addresses);
        }
        for (String address : addresses) {
            long offset = offset(vSwitch, address);
            if (!vSwitch.subnet().isAssignable(offset)) {
                throw new Refusal(
                        403,
                        "InvalidVSwitchId.IpInvalid",
                        "The specified IP " + address + " is not to be had in " + vSwitch.subnet() + ".");
            }
            if (!world.state.isFree(vSwitch, (int) offset)) {
                throw new Refusal(403, "InvalidIp.IpAssigned", "The specified IP " + address + " is assigned already.");
            }
        }
    }

    private static long offset(VSwitch vSwitch, String address) {
        try {
            return vSwitch.subnet().offsetOf(address);
        } catch (IllegalArgumentException notAnAddress) {
            throw new Refusal(403, "InvalidIp.Address", "The specified IP is " + notAnAddress.getMessage() + ".");
        }
    }
}
