package io.ledgerway.domain.node;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.util.List;
import java.util.Optional;

/// What may be asked of a node's stream.
public sealed interface NodeCommand extends Command {

    NodeName node();

    @Override
    default Stream stream() {
        return Stream.node(node());
    }

    /// What a node itself asks; it speaks for the incarnation that its certificate names.
    sealed interface FromNode extends NodeCommand {
        Incarnation incarnation();

        @Override
        default NodeName node() {
            return incarnation().node();
        }
    }

    /// @param run names this run of the executor's process
    record RegisterNode(Header header, Incarnation incarnation, BootId boot, String run, String version)
            implements FromNode {}

    /// @param candidate what the node has chosen among its idle addresses; none if it has none
    record AllocateIp(Header header, Incarnation incarnation, PodRequest request, Optional<Allocation> candidate)
            implements FromNode {}

    record ReleaseIp(Header header, Incarnation incarnation, AttachmentId attachment, SandboxId sandbox)
            implements FromNode {}

    record ReportEndpointReady(
            Header header, Incarnation incarnation, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            implements FromNode {}

    record ReportEndpointRemoved(Header header, Incarnation incarnation, AttachmentId attachment, SandboxId sandbox)
            implements FromNode {}

    // What the control plane asks.

    record ConfigurePool(Header header, NodeName node, PoolTarget target) implements NodeCommand {}

    record LearnCapacity(Header header, NodeName node, NodeCapacity capacity, List<VSwitch> vSwitches)
            implements NodeCommand {
        public LearnCapacity {
            vSwitches = List.copyOf(vSwitches);
        }
    }

    record RecordCloudOutcome(Header header, NodeName node, IntentId intent, CloudOutcome outcome)
            implements NodeCommand {}

    /// Those of the addresses whose cool-down is over at the command's time become idle.
    record EndCooling(Header header, NodeName node, List<IpAddress> addresses) implements NodeCommand {
        public EndCooling {
            addresses = List.copyOf(addresses);
        }
    }

    /// The pool is looked at again, for instance when a block on its growth has ended.
    record ReviewPool(Header header, NodeName node) implements NodeCommand {}
}
