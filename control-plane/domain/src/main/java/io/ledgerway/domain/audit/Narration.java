package io.ledgerway.domain.audit;

import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cluster.ClusterEvent;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.util.List;
import java.util.stream.Collectors;

/// One sentence for each event, for people who read a story.
public final class Narration {

    private Narration() {}

    public static String of(DomainEvent event) {
        return switch (event) {
            case NodeEvent e -> of(e);
            case ClusterEvent.ClusterCreated e ->
                "cluster " + e.cluster() + " was created with " + e.partitions() + " partitions";
            case ClusterEvent.StreamPlaced e -> "stream " + e.stream() + " was placed in partition " + e.partition();
            case OwnershipEvent.OwnerStarted e ->
                "the replica at " + e.address() + " took over partition " + e.partition() + " as owner number "
                        + e.epoch();
        };
    }

    private static String of(NodeEvent event) {
        return switch (event) {
            case NodeEvent.NodeRegistered e ->
                "the node registered as instance " + e.incarnation().instance() + ", boot " + e.boot();
            case NodeEvent.NodeBooted e ->
                "the node booted anew (" + e.boot() + "): every endpoint of the boot before is gone";
            case NodeEvent.ExecutorConnected e -> "the executor connected, version " + e.version() + ", run " + e.run();
            case NodeEvent.ExecutorRestarted e -> "the executor restarted, version " + e.version() + ", run " + e.run();
            case NodeEvent.PoolConfigured e ->
                "the pool was set to keep " + e.target().lowWatermark() + " to "
                        + e.target().highWatermark() + " idle addresses, cool-down "
                        + e.target().coolDown().toSeconds() + " s";
            case NodeEvent.CapacityLearnt e ->
                "the instance is a " + e.capacity().instanceType() + ": "
                        + e.capacity().ourEnis() + " ENIs for pods, "
                        + e.capacity().ipv4PerEni() + " IPv4 addresses each";
            case NodeEvent.EniCreationIntended e ->
                "the pool was short: a new ENI with " + e.intent().addresses() + " addresses is asked of vSwitch "
                        + e.intent().vSwitch();
            case NodeEvent.EniCreated e ->
                "ECS created ENI " + e.eni() + " with " + e.primary()
                        + (e.secondary().isEmpty() ? "" : " and " + texts(e.secondary()));
            case NodeEvent.EniAttachIntended e ->
                "ENI " + e.intent().eni() + " is to be attached to instance "
                        + e.intent().instance();
            case NodeEvent.EniAttached e -> "ECS attached ENI " + e.eni() + " as device " + e.deviceIndex();
            case NodeEvent.RefillDecided e ->
                "the pool was short: " + e.intent().count() + " more addresses are asked for on ENI "
                        + e.intent().eni();
            case NodeEvent.AddressesAssigned e -> "ECS assigned " + texts(e.addresses()) + " to ENI " + e.eni();
            case NodeEvent.EniDetachIntended e ->
                "ENI " + e.intent().eni() + " is to be detached from instance "
                        + e.intent().instance();
            case NodeEvent.EniDetached e -> "ECS detached ENI " + e.eni();
            case NodeEvent.EniDeletionIntended e -> "ENI " + e.intent().eni() + " is to be deleted";
            case NodeEvent.EniDeleted e -> "ECS deleted ENI " + e.eni() + " with all its addresses";
            case NodeEvent.CloudAttemptFailed e ->
                "a cloud call failed with " + text(e.failure()) + "; it is tried again from " + e.retryAt()
                        + e.newTime().map(time -> ", decided anew").orElse("");
            case NodeEvent.CloudIntentAbandoned e -> "a cloud request was given up: " + text(e.failure());
            case NodeEvent.VSwitchExhausted e ->
                "vSwitch " + e.vSwitch() + " has no address left; it is left alone until " + e.blockedUntil();
            case NodeEvent.GrowthReopened e -> "the pool may grow again";
            case NodeEvent.AddressesCooled e -> texts(e.addresses()) + " cooled down and may be given to another pod";
            case NodeEvent.IpAllocated e ->
                texts(e.allocation().addresses()) + " on ENI " + e.allocation().eni() + " was allocated to "
                        + pod(e.request()) + ", sandbox "
                        + brief(e.request().sandbox().value());
            case NodeEvent.IpRequestQueued e ->
                pod(e.request()) + " asked for an address, none was idle: the request waits"
                        + e.waitsFor()
                                .map(intent -> " for cloud request " + intent)
                                .orElse("");
            case NodeEvent.IpRequestRejected e ->
                pod(e.request()) + " asked for an address and was refused: "
                        + e.rejection().message();
            case NodeEvent.IpRequestCancelled e ->
                "DEL came for sandbox " + brief(e.sandbox().value()) + " before an address did";
            case NodeEvent.SandboxReplaced e ->
                "the pod has another sandbox, " + brief(e.now().value()) + " instead of "
                        + brief(e.before().value()) + ", and keeps what it holds";
            case NodeEvent.IpReleased e ->
                "DEL came for sandbox " + brief(e.sandbox().value());
            case NodeEvent.EndpointReady e ->
                "the endpoint is ready in the kernel, on the node as " + e.hostInterface();
            case NodeEvent.EndpointRemoved e ->
                "the kernel holds nothing of the endpoint any more; its address cools until " + e.coolUntil();
        };
    }

    private static String pod(PodRequest request) {
        return request.namespace() + "/" + request.podName();
    }

    private static String texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).collect(Collectors.joining(", "));
    }

    private static String text(CloudOutcome.Failed failure) {
        return failure.code() + " (" + failure.message() + ")";
    }

    /// As container runtimes shorten a container id.
    private static String brief(String sandbox) {
        return sandbox.length() > 13 ? sandbox.substring(0, 13) : sandbox;
    }
}
