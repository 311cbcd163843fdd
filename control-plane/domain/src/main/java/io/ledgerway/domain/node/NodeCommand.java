package io.ledgerway.domain.node;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
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

        /// Where the node's journal was when the command was sent; none from a node that keeps none.
        Optional<JournalMark> mark();

        @Override
        default NodeName node() {
            return incarnation().node();
        }
    }

    /// @param run names this run of the executor's process
    record RegisterNode(
            Header header, Incarnation incarnation, Optional<JournalMark> mark, BootId boot, String run, String version)
            implements FromNode {
        public RegisterNode(Header header, Incarnation incarnation, BootId boot, String run, String version) {
            this(header, incarnation, Optional.empty(), boot, run, version);
        }
    }

    /// @param candidate what the node has chosen among its idle addresses; none if it has none
    record AllocateIp(
            Header header,
            Incarnation incarnation,
            Optional<JournalMark> mark,
            PodRequest request,
            Optional<Allocation> candidate)
            implements FromNode {
        public AllocateIp(Header header, Incarnation incarnation, PodRequest request, Optional<Allocation> candidate) {
            this(header, incarnation, Optional.empty(), request, candidate);
        }
    }

    record ReleaseIp(
            Header header,
            Incarnation incarnation,
            Optional<JournalMark> mark,
            AttachmentId attachment,
            SandboxId sandbox)
            implements FromNode {
        public ReleaseIp(Header header, Incarnation incarnation, AttachmentId attachment, SandboxId sandbox) {
            this(header, incarnation, Optional.empty(), attachment, sandbox);
        }
    }

    record ReportEndpointReady(
            Header header,
            Incarnation incarnation,
            Optional<JournalMark> mark,
            AttachmentId attachment,
            SandboxId sandbox,
            String hostInterface)
            implements FromNode {
        public ReportEndpointReady(
                Header header,
                Incarnation incarnation,
                AttachmentId attachment,
                SandboxId sandbox,
                String hostInterface) {
            this(header, incarnation, Optional.empty(), attachment, sandbox, hostInterface);
        }
    }

    record ReportEndpointRemoved(
            Header header,
            Incarnation incarnation,
            Optional<JournalMark> mark,
            AttachmentId attachment,
            SandboxId sandbox)
            implements FromNode {
        public ReportEndpointRemoved(
                Header header, Incarnation incarnation, AttachmentId attachment, SandboxId sandbox) {
            this(header, incarnation, Optional.empty(), attachment, sandbox);
        }
    }

    /// What the node did on its own, oldest first, with the times at which it happened. What the log has heard already
    /// is passed over, so a repeated batch changes nothing.
    record DrainJournal(Header header, Incarnation incarnation, JournalId journal, List<Journalled> entries)
            implements FromNode {
        public DrainJournal {
            entries = List.copyOf(entries);
        }

        @Override
        public Optional<JournalMark> mark() {
            return Optional.empty();
        }
    }

    /// The kernel as a node found it that had lost its disk: what only the kernel knows, and what only the log knows.
    record ReconcileKernel(
            Header header,
            Incarnation incarnation,
            Optional<JournalMark> mark,
            List<Present> present,
            List<Missing> missing)
            implements FromNode {
        public ReconcileKernel {
            present = List.copyOf(present);
            missing = List.copyOf(missing);
        }

        /// An endpoint in the kernel; namespace and name of the pod are empty where nobody can tell.
        public record Present(PodRequest request, Allocation allocation, String hostInterface) {}

        /// An endpoint that the log has and the kernel does not hold.
        public record Missing(AttachmentId attachment, SandboxId sandbox) {}
    }

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

    /// The node is not there any more, on somebody's evidence; silence is none.
    record DeclareNodeLost(Header header, NodeName node, LossEvidence evidence) implements NodeCommand {}

    /// The node will not come back: what it holds in the cloud is taken apart.
    record RetireNode(Header header, NodeName node, String why) implements NodeCommand {}
}
