package io.ledgerway.domain.node;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Instant;
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

    /// What the node did on its own, oldest first, with the times at which it happened. What the log has
    /// heard already is passed over, so a repeated batch changes nothing.
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

    /// The kernel as a node found it that had lost its disk: what only the kernel knows, and what only the
    /// log knows.
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

    /// @param attempted the intent as it stood in the log when the attempt began, if that is known: a failure of an
    ///     older attempt says nothing of the present one
    record RecordCloudOutcome(
            Header header, NodeName node, IntentId intent, CloudOutcome outcome, Optional<CloudIntent> attempted)
            implements NodeCommand {
        public RecordCloudOutcome(Header header, NodeName node, IntentId intent, CloudOutcome outcome) {
            this(header, node, intent, outcome, Optional.empty());
        }
    }

    /// Those of the addresses whose cool-down, or whose guard, is over become idle. A cool-down is a
    /// duration, and its begin was told by a clock that may be wrong: who has measured it says which ones
    /// are over.
    ///
    /// @param gone guarded ones that the cloud does not show on their ENI any more: they are given up
    /// @param until cool-downs that were to last until then, or less, are over
    record EndCooling(Header header, NodeName node, List<IpAddress> addresses, List<IpAddress> gone, Instant until)
            implements NodeCommand {
        public EndCooling {
            addresses = List.copyOf(addresses);
            gone = List.copyOf(gone);
        }

        public EndCooling(Header header, NodeName node, List<IpAddress> addresses) {
            this(header, node, addresses, List.of());
        }

        /// By the command's own time.
        public EndCooling(Header header, NodeName node, List<IpAddress> addresses, List<IpAddress> gone) {
            this(header, node, addresses, gone, header.at());
        }
    }

    /// The pool is looked at again, for instance when a block on its growth has ended. A block is a duration, and its
    /// begin was told by a clock that may be wrong: who has measured it says which ones are over.
    ///
    /// @param until blocks that were to last until then, or less, are over
    record ReviewPool(Header header, NodeName node, Instant until) implements NodeCommand {
        /// By the command's own time.
        public ReviewPool(Header header, NodeName node) {
            this(header, node, header.at());
        }
    }

    /// The cloud has had an ENI of this cluster, on no instance, for longer than any attempt lasts, and no node
    /// knows it. The node that is told takes care of it: any will do, since none has it.
    record ReportStrayEni(
            Header header,
            NodeName node,
            EniId eni,
            MacAddress mac,
            VSwitchId vSwitch,
            IpAddress primary,
            Optional<IntentId> madeFor)
            implements NodeCommand {}

    /// The cloud has had these addresses on the node's ENI for longer than any attempt lasts, and the log does not know
    /// them.
    record ReportStrayAddresses(Header header, NodeName node, EniId eni, List<IpAddress> addresses)
            implements NodeCommand {
        public ReportStrayAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /// The node is not there any more, on somebody's evidence; silence is none.
    ///
    /// @param instance what the evidence is about: of another instance under the name it says nothing
    record DeclareNodeLost(Header header, NodeName node, Optional<InstanceId> instance, LossEvidence evidence)
            implements NodeCommand {
        public DeclareNodeLost(Header header, NodeName node, LossEvidence evidence) {
            this(header, node, Optional.empty(), evidence);
        }
    }

    /// The node will not come back: what it holds in the cloud is taken apart.
    ///
    /// @param instance the one that was meant: another one that has the name by now is not retired
    /// @param onlyLost whether a node that serves is left alone, as somebody's who has only seen it lost
    record RetireNode(Header header, NodeName node, Optional<InstanceId> instance, boolean onlyLost, String why)
            implements NodeCommand {
        public RetireNode(Header header, NodeName node, String why) {
            this(header, node, Optional.empty(), false, why);
        }
    }
}
