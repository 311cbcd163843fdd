package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The control plane as an executor calls it: one address at a time, a deadline on each call, and only
/// answers under the highest epoch are believed.
final class NodeLink implements ControlPlane {

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration REGISTER_DEADLINE = Duration.ofSeconds(15);
    /// Whoever has an address of its own does not wait longer for the log.
    private static final Duration ALONE_AFTER = Duration.ofMillis(250);

    private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(10);

    private final Wire wire;
    private final Process process;
    private final World world;
    private final Incarnation own;
    private final Network network;
    private final Epochs epochs;
    private Optional<WatchStream> watching = Optional.empty();

    /// The newest place in the log that this run has heard of.
    private Optional<Position> newest = Optional.empty();

    NodeLink(World world, Wire wire, Incarnation incarnation, Epochs epochs) {
        this.world = world;
        this.wire = wire;
        this.process = wire.process();
        this.own = incarnation;
        this.network = wire.network();
        this.epochs = epochs;
    }

    private Incarnation incarnation() {
        return network.has(Bug.ANY_CERTIFICATE)
                ? world.log().node(own.node()).incarnation().orElse(own)
                : own;
    }

    /// Whatever is between a node and the replicas sends it to this one now.
    void sendTo(Replica replica) {
        wire.sendTo(replica);
        watching.ifPresent(stream -> stream.arrive(new WatchStream.Message.Ended("the connection was reset")));
    }

    /// The process has ended.
    ///
    /// @param isSaid whether the machine's kernel is left to say so
    void hungUp(boolean isSaid) {
        watching.ifPresent(stream -> stream.hungUp(isSaid));
    }

    private Header header(Call call) {
        return new Header(call.id(), call.at(), "node/" + own.node() + "/" + own.instance());
    }

    private Reply ask(NodeCommand command, Duration deadline) throws Unanswered {
        world.checks().asked(process, command);
        return switch (wire.call(command, deadline)) {
            case null -> throw unanswered(command, "no answer in time");
            case Wire.Arrival.Failure failure -> throw unanswered(command, failure.why());
            case Wire.Arrival.Answer answer -> believed(command, answer.reply());
        };
    }

    private Unanswered unanswered(NodeCommand command, String why) {
        var message = command.getClass().getSimpleName() + " at " + address() + ": " + why;
        wire.moveOn();
        world.checks().unanswered(process, command);
        return new Unanswered(Unanswered.Kind.AWAY, message);
    }

    private Reply believed(NodeCommand command, Reply reply) throws Unanswered {
        var at = position(reply.position());
        if (!network.has(Bug.BELIEVE_A_DEPOSED_OWNER) && !epochs.admit(at)) {
            world.checks().unanswered(process, command);
            throw new Unanswered(Unanswered.Kind.DEPOSED, "epoch " + at.epoch() + " is over");
        }
        world.checks().believed(process, at.epoch());
        world.checks().answered(process, command, reply);
        return new Reply(reply.answer(), heard(reply.position()), reply.acceptedNanos());
    }

    /// Whoever believes everybody takes what it hears for the newest.
    private LogPosition heard(LogPosition at) {
        var before = newest.orElse(position(at));
        boolean isNewer = position(at).epoch() >= before.epoch() && at.sequence() >= before.sequence();
        newest = Optional.of(isNewer ? position(at) : before);
        return network.has(Bug.BELIEVE_A_DEPOSED_OWNER)
                ? new LogPosition(
                        at.partition(), newest.get().sequence(), newest.get().epoch())
                : at;
    }

    private StateChange heard(StateChange change) {
        var said = change.position();
        if (!network.has(Bug.BELIEVE_A_DEPOSED_OWNER)) {
            if (said.epoch() >= epochs.highest()) {
                world.checks().believed(process, said.epoch());
            }
            return change;
        }
        world.checks().believed(process, said.epoch());
        return new StateChange(
                position(heard(new LogPosition(said.partition(), said.sequence(), said.epoch()))),
                change.whole(),
                change.enis(),
                change.removedEnis(),
                change.addresses(),
                change.removedAddresses(),
                change.endpoints(),
                change.removedEndpoints(),
                change.vSwitches(),
                change.target());
    }

    static Position position(LogPosition position) {
        return new Position(position.partition(), position.sequence(), position.epoch());
    }

    private static Optional<JournalMark> mark(Call call) {
        return Optional.of(call.mark());
    }

    @Override
    public Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered {
        if (newest.isPresent() && network.has(Bug.PROBE_IS_NOT_SENT)) {
            process.pass(network.latency());
            return new Done(newest.get());
        }
        return acknowledged(ask(
                new NodeCommand.RegisterNode(header(call), incarnation(), mark(call), boot, run, version),
                REGISTER_DEADLINE));
    }

    @Override
    public DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered {
        var told = new NodeCommand.DrainJournal(
                header(call), incarnation(), call.mark().journal(), entries);
        if (newest.isPresent() && network.has(Bug.DRAINED_WHEN_SENT)) {
            var replica = wire.replica();
            wire.toReplica(replica, () -> replica.serve(told));
            return new Drained(newest.get(), entries.getLast().sequence());
        }
        var reply = ask(told, DRAIN_DEADLINE);
        return reply.answer() instanceof NodeAnswer.Drained drained
                ? new Drained(position(reply.position()), drained.through())
                : rejected(reply);
    }

    @Override
    public Acknowledgement reconcile(Call call, List<Present> present, List<Missing> missing) throws Unanswered {
        return acknowledged(ask(
                new NodeCommand.ReconcileKernel(header(call), incarnation(), mark(call), present, missing),
                DRAIN_DEADLINE));
    }

    @Override
    public AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate) throws Unanswered {
        var reply = ask(
                new NodeCommand.AllocateIp(header(call), incarnation(), mark(call), request, candidate),
                candidate.isPresent() ? ALONE_AFTER : DEADLINE);
        var at = position(reply.position());
        return switch (reply.answer()) {
            case NodeAnswer.Granted g -> new Granted(at, g.request(), g.allocation(), g.eni(), g.vSwitch());
            case NodeAnswer.Queued q -> new Queued(at, q.waitsFor());
            case NodeAnswer.Rejected r -> new Rejected(at, r.rejection());
            case NodeAnswer.CandidateRefused c -> new CandidateRefused(at, c.why());
            case NodeAnswer.Done d -> throw impossible(d);
            case NodeAnswer.Released r -> throw impossible(r);
            case NodeAnswer.Drained d -> throw impossible(d);
        };
    }

    private static IllegalStateException impossible(NodeAnswer answer) {
        return new IllegalStateException("nobody asked for " + answer);
    }

    @Override
    public ReleaseAnswer release(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        var reply =
                ask(new NodeCommand.ReleaseIp(header(call), incarnation(), mark(call), attachment, sandbox), DEADLINE);
        return reply.answer() instanceof NodeAnswer.Released released
                ? new Released(position(reply.position()), released.freed())
                : rejected(reply);
    }

    private static Rejected rejected(Reply reply) {
        return new Rejected(position(reply.position()), ((NodeAnswer.Rejected) reply.answer()).rejection());
    }

    @Override
    public Acknowledgement reportReady(Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws Unanswered {
        return acknowledged(ask(
                new NodeCommand.ReportEndpointReady(
                        header(call), incarnation(), mark(call), attachment, sandbox, hostInterface),
                DEADLINE));
    }

    @Override
    public Acknowledgement reportRemoved(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        return acknowledged(ask(
                new NodeCommand.ReportEndpointRemoved(header(call), incarnation(), mark(call), attachment, sandbox),
                DEADLINE));
    }

    private static Acknowledgement acknowledged(Reply reply) {
        return reply.answer() instanceof NodeAnswer.Rejected ? rejected(reply) : new Done(position(reply.position()));
    }

    @Override
    public void watch(Optional<Position> after, Predicate<StateChange> sink) throws Unanswered {
        var replica = wire.replica();
        var stream = new WatchStream(wire, replica);
        watching = Optional.of(stream);
        var known = network.has(Bug.BELIEVE_A_DEPOSED_OWNER) ? Optional.<Position>empty() : after;
        var asks = incarnation();
        if (replica.isListening()) {
            wire.toReplica(replica, () -> replica.watch(asks, known, stream));
        } else {
            process.in(network.latency(), () -> stream.arrive(new WatchStream.Message.Ended("connection refused")));
        }
        while (true) {
            switch (stream.take()) {
                case WatchStream.Message.Change change -> {
                    if (!sink.test(heard(change.change()))) {
                        stream.hungUp(true);
                        return;
                    }
                }
                case WatchStream.Message.Ended ended -> {
                    stream.hungUp(true);
                    var at = address();
                    wire.moveOn();
                    throw new Unanswered(ended.kind(), "the watch at " + at + " ended: " + ended.why());
                }
            }
        }
    }

    @Override
    public String address() {
        return wire.replica().toString();
    }

    @Override
    public void close() {}
}
