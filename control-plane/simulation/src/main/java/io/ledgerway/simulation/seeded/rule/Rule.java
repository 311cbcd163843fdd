package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.Instances;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import io.ledgerway.simulation.seeded.world.World;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// One promise of the node protocol, checked from outside whenever something happens that it speaks of.
public abstract class Rule {

    private final int number;
    private final String promise;
    private World world;
    private long met;

    /// @param number of the rule in docs/node-protocol.md
    protected Rule(int number, String promise) {
        this.number = number;
        this.promise = promise;
    }

    public final int number() {
        return number;
    }

    public final String promise() {
        return promise;
    }

    public final void watch(World watched) {
        world = watched;
    }

    protected final World world() {
        return world;
    }

    /// How often its situation has occurred: what never occurred was not tested.
    public final long met() {
        return met;
    }

    protected final void meet() {
        met++;
    }

    protected final void broken(String how) {
        world.broken(this, how);
    }

    protected final void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            broken(otherwise.get());
        }
    }

    /// Packets can use the link from now on.
    public void linkBegan(Host host, Links.Link link) {}

    public void linkEnded(Host host, Links.Link link) {}

    /// A record is durable, and not yet folded: one that cannot be folded ends the run.
    public void appending(ClusterLog.Entry entry, NodeEvent event, Node before) {}

    /// A record is durable.
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {}

    /// An owner has decided, which is not to say that it will be durable.
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {}

    /// What was decided is as durable as what it rests on, and may be told.
    public void confirmed(NodeCommand command, Reply reply) {}

    /// A loop of a replica, or an operator, says something of a node's life.
    public void told(Process by, NodeCommand command) {}

    /// A replica has answered a node, or somebody else, by what is durable.
    ///
    /// @param arrivedNanos when it was asked
    public void heard(Process by, NodeCommand command, Reply reply, long arrivedNanos) {}

    /// The cloud has answered what a replica asked about an instance.
    ///
    /// @param shown none if it is not there
    /// @param askedNanos when the question left the replica
    /// @param answeredNanos when the answer was there
    public void looked(
            Process by, InstanceId instance, Optional<Instances.State> shown, long askedNanos, long answeredNanos) {}

    /// The runtime is told that its ADD has failed.
    public void refused(Host host, PodCall call, String why) {}

    /// The cloud carries out a call that takes something away.
    public void destroyed(String action, String eni, Instant signedAt, Instant now) {}

    /// @param after none when the interface is gone
    public void interfaceChanged(Optional<NetworkInterface> before, Optional<NetworkInterface> after) {}

    public void attempted(CloudIntent intent, CloudOutcome outcome) {}

    /// An executor goes by what it was told under that epoch.
    public void believed(Process executor, long epoch) {}

    /// @param onDisk what the disk had of the folded state when this run of the executor began
    /// @param known what it knows before it has heard anybody
    public void executorStarted(Host host, Optional<NodeState> onDisk, NodeState known) {}

    /// An executor sends a command.
    public void asked(Process executor, NodeCommand command) {}

    /// It has the answer.
    public void answered(Process executor, NodeCommand command, Reply reply) {}

    /// It has given up waiting for one, or heard that there is none.
    public void unanswered(Process executor, NodeCommand command) {}

    /// An ADD is about to be answered with success.
    public void added(Host host, PodCall call, EndpointResult result) {}

    public void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {}

    /// The run is over and everything has healed.
    public void ended() {}
}
