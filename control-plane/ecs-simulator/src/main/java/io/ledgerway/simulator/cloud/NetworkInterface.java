package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.NetworkInterfaceView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// An elastic network interface.
///
/// Transitions: Available -attach-> Attaching -> InUse, or back to Available when it fails; InUse -detach->
/// Detaching -> Available; Available -delete-> Deleting -> gone. Detach and delete may be issued again while they
/// run.
///
/// @param sequence its place in the order of creation, by which listings are paged
/// @param busyUntil until then another change of its addresses conflicts
public record NetworkInterface(
        String id,
        long sequence,
        Type type,
        String macAddress,
        String vpcId,
        String vSwitchId,
        String zoneId,
        Status status,
        Optional<Attachment> attachment,
        String primaryAddress,
        List<String> secondaryAddresses,
        Settings settings,
        Optional<Transition> transition,
        Instant busyUntil) {

    /// Trunk and Member are the names ECS knows beside these; they are not imitated yet.
    public enum Type {
        Primary,
        Secondary
    }

    public enum Status {
        Available,
        Attaching,
        InUse,
        Detaching,
        Deleting
    }

    public record Attachment(String instanceId, int deviceIndex, Instant since) {}

    /// Where a running change leads, when, and whether it will get there.
    public record Transition(Instant dueAt, Fate fate) {}

    public enum Fate {
        COMPLETES,
        /// Ends where it began, as an attach that ECS accepted and could not do.
        FAILS,
        /// Hangs until it is issued again or an operator frees it.
        STUCK
    }

    /// What its creator chose and nothing in the model depends on, but for `deleteOnRelease`.
    public record Settings(
            List<String> securityGroupIds,
            Map<String, String> tags,
            String name,
            String description,
            String resourceGroupId,
            String trafficMode,
            int queueNumber,
            boolean deleteOnRelease,
            Instant createdAt) {
        public Settings {
            securityGroupIds = List.copyOf(securityGroupIds);
            tags = new TreeMap<>(tags);
        }
    }

    public NetworkInterface {
        secondaryAddresses = List.copyOf(secondaryAddresses);
    }

    public List<String> addresses() {
        var all = new ArrayList<String>();
        all.add(primaryAddress);
        all.addAll(secondaryAddresses);
        return all;
    }

    boolean isAttachedTo(String instanceId) {
        return attachment.map(a -> a.instanceId().equals(instanceId)).orElse(false);
    }

    /// Whether a wire of it is in its instance.
    boolean isPlugged() {
        return status == Status.InUse || status == Status.Detaching;
    }

    NetworkInterface attaching(Attachment to, Transition running) {
        return moved(Status.Attaching, Optional.of(to), Optional.of(running));
    }

    NetworkInterface inUse() {
        return moved(Status.InUse, attachment, Optional.empty());
    }

    NetworkInterface detaching(Transition running) {
        return moved(Status.Detaching, attachment, Optional.of(running));
    }

    NetworkInterface available() {
        return moved(Status.Available, Optional.empty(), Optional.empty());
    }

    NetworkInterface deleting(Transition running) {
        return moved(Status.Deleting, Optional.empty(), Optional.of(running));
    }

    NetworkInterface with(Transition running) {
        return moved(status, attachment, Optional.of(running));
    }

    NetworkInterface withSecondary(List<String> addresses, Instant busyUntil) {
        return new NetworkInterface(
                id,
                sequence,
                type,
                macAddress,
                vpcId,
                vSwitchId,
                zoneId,
                status,
                attachment,
                primaryAddress,
                addresses,
                settings,
                transition,
                busyUntil);
    }

    private NetworkInterface moved(Status next, Optional<Attachment> to, Optional<Transition> running) {
        return new NetworkInterface(
                id,
                sequence,
                type,
                macAddress,
                vpcId,
                vSwitchId,
                zoneId,
                next,
                to,
                primaryAddress,
                secondaryAddresses,
                settings,
                running,
                busyUntil);
    }

    /// Only for an interface that is or was attached.
    NetworkInterfaceView view() {
        var at = attachment.orElseThrow();
        return new NetworkInterfaceView(
                id, macAddress, vSwitchId, at.instanceId(), at.deviceIndex(), primaryAddress, addresses(), type.name());
    }
}
