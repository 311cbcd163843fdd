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
                        + e.target().highWatermark()
                        + switch (e.target().mode()) {
                            case SHARED -> " idle addresses";
                            case EXCLUSIVE -> " idle ENIs, each for one pod";
                        }
                        + ", cool-down "
                        + e.target().coolDown().toSeconds() + " s";
            case NodeEvent.CapacityLearnt e ->
                "the instance is a " + e.capacity().instanceType() + ": "
                        + e.capacity().ourEnis() + " ENIs for pods, "
                        + e.capacity().ipv4PerEni() + " IPv4 addresses each";
            case NodeEvent.EniCreationIntended e ->
                "the pool was short: a new ENI "
                        + (e.intent().whole()
                                ? "for one pod"
                                : "with " + e.intent().addresses() + " addresses")
                        + " is asked of vSwitch "
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
            case NodeEvent.StrayEniFound e ->
                "the cloud has ENI " + e.eni() + " with " + e.primary() + ", which is ours and no node's"
                        + e.madeFor().map(intent -> ", made for " + intent).orElse("") + "; it goes back";
            case NodeEvent.StrayAddressesFound e ->
                "the cloud has " + texts(e.addresses()) + " on ENI " + e.eni()
                        + ", which the log did not know; they go back";
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
            case NodeEvent.EndpointAdopted e ->
                "the node had lost its disk and found the endpoint of " + pod(e.request()) + " in its kernel, with "
                        + texts(e.allocation().addresses());
            case NodeEvent.EndpointUnexplained e ->
                "the node's kernel has the pod with " + texts(e.allocation().addresses())
                        + ", which the log cannot explain: " + e.why();
            case NodeEvent.JournalStarted e -> "the node keeps a journal, " + e.journal();
            case NodeEvent.JournalLost e ->
                e.before().equals(e.now())
                        ? "entries in the middle of the node's journal are missing"
                        : "the node's journal is lost; what it did since it was last heard is not known";
            case NodeEvent.AddressesHeldBack e ->
                texts(e.addresses()) + " cool until " + e.coolUntil()
                        + ": pods that only the lost journal knew may have had them";
            case NodeEvent.JournalDrained e -> "the node's journal was heard up to entry " + e.through();
            case NodeEvent.JournalEntryKept e ->
                "instance " + e.incarnation().instance() + " told at entry "
                        + e.entry().sequence() + " of its journal what is only kept: " + e.why();
            case NodeEvent.AllocationReplaced e ->
                pod(e.request()) + " has " + texts(e.now().addresses()) + ", which the node had bound, instead of "
                        + texts(e.before().addresses()) + ", which cool until " + e.coolUntil();
            case NodeEvent.AllocationRevoked e ->
                pod(e.request()) + " waits again, because the node, which did not know of the grant, had bound "
                        + texts(e.allocation().addresses()) + " for another pod";
            case NodeEvent.IpRequestAbandoned e ->
                "the node gave up the request of " + pod(e.request()) + ": " + e.why();
            case NodeEvent.WithdrawProposed e -> "the pool wishes back " + texts(e.addresses());
            case NodeEvent.WithdrawalCancelled e -> "the pool does not wish back any more " + texts(e.addresses());
            case NodeEvent.AddressesWithdrawn e -> "the node gives back " + texts(e.addresses());
            case NodeEvent.UnassignIntended e ->
                "the cloud is asked to unassign " + texts(e.intent().addresses()) + " from ENI "
                        + e.intent().eni();
            case NodeEvent.AddressesUnassigned e -> texts(e.addresses()) + " left ENI " + e.eni();
            case NodeEvent.NodeLost e ->
                "the node is lost: " + e.evidence().kind() + ", " + e.evidence().detail();
            case NodeEvent.NodeReturned e -> "the node speaks again; nothing has moved";
            case NodeEvent.NodeReplaced e ->
                "instance " + e.now().instance() + " has the node's name, instance "
                        + e.before().instance() + " had it before";
            case NodeEvent.NodeRetired e -> "instance " + e.incarnation().instance() + " was retired: " + e.why();
        };
    }

    private static String pod(PodRequest request) {
        return request.described();
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
