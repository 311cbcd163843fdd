package io.ledgerway.server.run;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.LossEvidence.Kind;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.Looks.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Asks the cloud about the instances of nodes and gives the log evidence (rule 24): one that is stopped, or not
/// there, twice and [Rhythm#apart] apart, is a lost node's. Apart is what lies between the first answer and the
/// second question, so that a pause of this process never makes it less than was counted. That a node is silent,
/// or that the cloud gives no answer, is evidence of nothing; a node that says something between the two looks
/// is there.
///
/// A node whose instance is gone is retired, so that its ENIs are taken apart; how many without an operator's word says
/// [Drains].
public final class InstanceWatch implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(InstanceWatch.class);
    private static final String ACTOR = "control-plane";

    /// A question that the cloud has not answered by then is asked anew, and an answer to it is no longer heard.
    static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    /// How often the cloud is asked.
    ///
    /// @param everyone about nodes that are connected
    /// @param silent about nodes that are not
    /// @param apart at least between the first answer and the second question of an evidence, since the cloud may
    ///     show how things were
    public record Rhythm(Duration everyone, Duration silent, Duration apart) {
        public static final Rhythm DEFAULT =
                new Rhythm(Duration.ofMinutes(1), Duration.ofSeconds(10), CloudAttempt.STALE_READS);
    }

    /// @param workers the watch's own, closed with it
    public record Surroundings(InstantSource clock, Supplier<CommandId> ids, Workers workers) {}

    /// One answer of the cloud: the clock was read before the question was sent and after the answer had arrived.
    private record Look(Moment asked, Moment answered) {}

    /// What the first look has shown.
    private record Doubt(Kind kind, Look look) {}

    /// A question that has no answer yet.
    private record Question(List<Subject> subjects, Moment at) {}

    private final Commands commands;
    private final Instances instances;
    private final Presence presence;
    private final Rhythm rhythm;
    private final Drains drains;
    private final InstantSource clock;
    private final Supplier<CommandId> ids;
    private final Workers workers;

    private final Looks looks;
    private final Map<Subject, Doubt> doubts = new LinkedHashMap<>();
    /// Told to be retired, and not seen so yet.
    private final Set<Subject> retiring = new LinkedHashSet<>();
    /// Declared lost, and not seen so yet: the sequence at which that can be read, `Long.MAX_VALUE` until it is known.
    private final Map<Subject, Long> declared = new LinkedHashMap<>();
    private Optional<Question> asking = Optional.empty();
    /// The earliest look that a timer is set for.
    private Optional<Duration> nextLook = Optional.empty();

    public InstanceWatch(
            Commands commands,
            Instances instances,
            Presence presence,
            Rhythm rhythm,
            Drains.Cap cap,
            Surroundings surroundings) {
        this.commands = commands;
        this.instances = instances;
        this.presence = presence;
        this.rhythm = rhythm;
        this.clock = surroundings.clock();
        this.ids = surroundings.ids();
        this.workers = surroundings.workers();
        this.looks = new Looks(rhythm, presence);
        this.drains = new Drains(cap, now());
    }

    public void start() {
        presence.subscribe(node -> {
            looks.doubt(node, now());
            workers.look(this::look);
        });
        workers.look(this::tick);
    }

    /// Nodes that are gone and are not taken apart.
    public Map<NodeName, Drains.Held> held() {
        return drains.held();
    }

    private Moment now() {
        return Moment.now(clock, workers::nanoTime);
    }

    private void tick() {
        look();
        workers.lookIn(rhythm.silent(), this::tick);
    }

    private void look() {
        try {
            var nodes = new LinkedHashMap<Subject, Node>();
            for (var name : commands.nodes()) {
                var state = commands.node(name).state();
                boolean mayBeLost =
                        state.standing() instanceof Standing.Serving || state.standing() instanceof Standing.Lost;
                if (mayBeLost) {
                    nodes.put(
                            new Subject(name, state.incarnation().orElseThrow().instance()), state);
                }
            }
            looks.retain(nodes.keySet());
            doubts.keySet().retainAll(nodes.keySet());
            retiring.retainAll(nodes.keySet());
            declared.entrySet().removeIf(told -> isRead(told.getKey(), told.getValue()));
            drain(nodes);
            ask(nodes);
        } catch (LogUnavailable e) {
            LOG.debugf("the instances of nodes are looked at later: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("looking at the instances of nodes failed; it is tried again", e);
        }
    }

    private boolean isRead(Subject subject, long sequence) {
        return commands.node(subject.node()).position().sequence() >= sequence;
    }

    private void ask(Map<Subject, Node> nodes) {
        var now = now();
        if (asking.isPresent() && !isGivenUp(asking.get(), now)) {
            return;
        }
        var due = new ArrayList<Subject>();
        var next = Optional.<Duration>empty();
        for (var node : nodes.entrySet()) {
            if (isKnownGone(node.getValue()).isPresent()) {
                continue;
            }
            var left = looks.untilDue(node.getKey(), shownAwayAt(node.getKey()), now);
            if (left.isPositive()) {
                next = next.filter(earlier -> earlier.compareTo(left) <= 0).or(() -> Optional.of(left));
            } else if (due.size() < Instances.MOST_AT_ONCE) {
                due.add(node.getKey());
            }
        }
        if (due.isEmpty()) {
            next.ifPresent(left -> lookAgainIn(left, now));
            return;
        }
        ask(new Question(due, now));
    }

    private Optional<Moment> shownAwayAt(Subject subject) {
        return Optional.ofNullable(doubts.get(subject))
                .map(doubt -> doubt.look().answered());
    }

    private void ask(Question question) {
        asking = Optional.of(question);
        looks.asked(question.subjects(), question.at());
        workers.call(() -> {
            var answer = answer(question.subjects());
            var look = new Look(question.at(), now());
            workers.look(() -> {
                if (asking.filter(question::equals).isPresent()) {
                    asking = Optional.empty();
                    judge(question.subjects(), answer, look);
                    look();
                }
            });
        });
    }

    private static boolean isGivenUp(Question question, Moment now) {
        boolean isLate = now.since(question.at()).compareTo(LONGEST_ANSWER) >= 0;
        if (isLate) {
            LOG.warnf(
                    "the cloud was asked about %d instances at %s and has not answered since; it is asked again",
                    question.subjects().size(), question.at());
        }
        return isLate;
    }

    /// One timer is enough: each look sets the next one.
    private void lookAgainIn(Duration left, Moment now) {
        var at = now.steady().plus(left);
        boolean isSet = nextLook.filter(set -> set.compareTo(now.steady()) > 0 && set.compareTo(at) <= 0)
                .isPresent();
        if (!isSet) {
            nextLook = Optional.of(at);
            workers.lookIn(left, this::look);
        }
    }

    private Cloud.Answer<Map<InstanceId, Instances.State>> answer(List<Subject> due) {
        try {
            return instances.states(
                    due.stream().map(Subject::instance).distinct().toList());
        } catch (RuntimeException e) {
            LOG.errorf(e, "asking the cloud about %s failed", due);
            return new Cloud.Answer.No<>(
                    Cloud.Trouble.UNKNOWN_OUTCOME, "Ledgerway.Bug", e.toString(), Optional.empty());
        }
    }

    private void judge(List<Subject> due, Cloud.Answer<Map<InstanceId, Instances.State>> answer, Look look) {
        switch (answer) {
            case Cloud.Answer.Ok<Map<InstanceId, Instances.State>> ok ->
                due.forEach(subject ->
                        judgeUnlessAway(subject, Optional.ofNullable(ok.value().get(subject.instance())), look));
            case Cloud.Answer.No<Map<InstanceId, Instances.State>> no ->
                LOG.warnf(
                        "the cloud does not say how %d instances are: %s: %s; that says nothing of their nodes",
                        due.size(), no.code(), no.message());
        }
    }

    /// What was seen of one node does not wait for the log of another one; what was seen so far stays, so that the
    /// next look can be the second one.
    private void judgeUnlessAway(Subject subject, Optional<Instances.State> state, Look look) {
        try {
            judge(subject, state, look);
        } catch (LogUnavailable e) {
            LOG.debugf("what the cloud shows of %s is judged at a later look: %s", subject, e.getMessage());
        }
    }

    private void judge(Subject subject, Optional<Instances.State> state, Look look) {
        var seen = evidence(state);
        var before = doubts.get(subject);
        if (seen.isEmpty()) {
            doubts.remove(subject);
            return;
        }
        boolean isSecond = before != null
                && before.kind() == seen.get()
                && look.asked().since(before.look().answered()).compareTo(rhythm.apart()) >= 0;
        if (before == null || before.kind() != seen.get()) {
            doubts.put(subject, new Doubt(seen.get(), look));
            if (seen.get() == Kind.INSTANCE_GONE) {
                looks.foundMissing(look.asked());
            }
        } else if (isSecond && contradicts(subject, seen.get(), before.look().asked())) {
            doubts.remove(subject);
        } else if (isSecond) {
            declare(subject, seen.get(), before.look().asked(), look.asked());
            doubts.remove(subject);
        }
    }

    private static Optional<Kind> evidence(Optional<Instances.State> state) {
        if (state.isEmpty()) {
            return Optional.of(Kind.INSTANCE_GONE);
        }
        return switch (state.get()) {
            case STOPPED -> Optional.of(Kind.INSTANCE_STOPPED);
            case RUNNING, CHANGING -> Optional.empty();
        };
    }

    /// A node that speaks runs. One whose stream is open may be there too, so that the cloud does not show it is not
    /// believed, unless another instance wants the name: the stream of a machine without power ends late.
    private boolean contradicts(Subject subject, Kind seen, Moment since) {
        var heard = presence.of(subject.node());
        boolean isThere =
                heard.hasSpokenSince(since) || seen == Kind.INSTANCE_GONE && heard.isConnected() && !heard.contended();
        if (isThere) {
            LOG.warnf(
                    "node %s is here, and the cloud shows %s as %s; the node is believed. Are region and account right?",
                    subject.node(), subject.instance(), seen);
        }
        return isThere;
    }

    private void declare(Subject subject, Kind kind, Moment first, Moment second) {
        var state = commands.node(subject.node()).state();
        boolean isSaid = state.standing() instanceof Standing.Lost lost
                && (lost.evidence().kind() == kind || kind == Kind.INSTANCE_STOPPED);
        if (isSaid) {
            return;
        }
        var detail = switch (kind) {
            case INSTANCE_STOPPED -> "ECS showed " + subject.instance() + " stopped at " + first + " and at " + second;
            case INSTANCE_GONE -> "ECS did not show " + subject.instance() + " at " + first + " and at " + second;
            case NODE_DELETED, OPERATOR -> throw new IllegalStateException(kind + " is nothing that the cloud shows");
        };
        LOG.warnf("node %s is lost: %s", subject.node(), detail);
        declared.put(subject, Long.MAX_VALUE);
        tell(
                subject,
                new NodeCommand.DeclareNodeLost(
                        header(), subject.node(), Optional.of(subject.instance()), new LossEvidence(kind, detail)));
    }

    private static Optional<String> isKnownGone(Node state) {
        return state.standing() instanceof Standing.Lost lost && lost.evidence().kind() == Kind.INSTANCE_GONE
                ? Optional.of(lost.evidence().detail())
                : Optional.empty();
    }

    /// Many that are gone at once show one after the other; they are counted together.
    private void drain(Map<Subject, Node> nodes) {
        boolean isSettled = declared.isEmpty()
                && doubts.values().stream().noneMatch(doubt -> doubt.kind() == Kind.INSTANCE_GONE)
                && nodes.entrySet().stream()
                        .filter(node -> isKnownGone(node.getValue()).isEmpty())
                        .allMatch(node -> looks.isAskedSinceTheAlarm(node.getKey()));
        if (!isSettled) {
            return;
        }
        var gone = new LinkedHashMap<NodeName, Subject>();
        nodes.forEach((subject, state) -> {
            boolean isLeft =
                    !retiring.contains(subject) && !presence.of(subject.node()).isConnected();
            if (isKnownGone(state).isPresent() && isLeft) {
                gone.put(subject.node(), subject);
            }
        });
        for (var name : drains.decide(List.copyOf(gone.keySet()), now())) {
            var subject = gone.get(name);
            LOG.warnf("node %s is retired: its instance %s is gone", name, subject.instance());
            retiring.add(subject);
            tell(
                    subject,
                    new NodeCommand.RetireNode(
                            header(),
                            name,
                            Optional.of(subject.instance()),
                            true,
                            isKnownGone(nodes.get(subject)).orElseThrow()));
        }
    }

    /// What the log does not take is decided anew at a later look.
    private void tell(Subject subject, NodeCommand command) {
        try {
            commands.execute(command).whenComplete((reply, failure) -> {
                if (failure != null) {
                    LOG.warnf("the log did not take %s: %s", command, failure.getMessage());
                    workers.look(() -> failed(subject));
                } else if (reply.answer() instanceof NodeAnswer.Rejected no) {
                    LOG.infof("%s of %s: %s", command.getClass().getSimpleName(), subject, no.rejection());
                }
                workers.look(() -> {
                    if (failure == null) {
                        declared.replace(subject, reply.position().sequence());
                    }
                    look();
                });
            });
        } catch (LogUnavailable e) {
            LOG.warnf("the log did not take %s: %s", command, e.getMessage());
            failed(subject);
        }
    }

    private void failed(Subject subject) {
        retiring.remove(subject);
        declared.remove(subject);
    }

    private Header header() {
        return new Header(ids.get(), clock.instant(), ACTOR);
    }

    @Override
    public void close() {
        workers.close();
    }
}
