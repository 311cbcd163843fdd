package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.InstanceWatch;
import io.ledgerway.server.run.Instances;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node is lost when the cloud has shown its instance stopped or gone, twice, apart, and with nothing in between that
/// says otherwise; and never because it is silent.
final class LossHasEvidence extends Rule {

    private record Of(Process by, InstanceId instance) {}

    private record Look(long askedNanos, long answeredNanos) {}

    /// Looks that have shown the same, one after the other.
    private record Looks(LossEvidence.Kind kind, List<Look> each) {
        boolean areApartSince(long wordNanos) {
            long apart = InstanceWatch.Rhythm.DEFAULT.apart().toNanos();
            return each.stream()
                    .filter(look -> look.askedNanos() >= wordNanos)
                    .findFirst()
                    .filter(first -> each.getLast().askedNanos() - first.answeredNanos() >= apart)
                    .isPresent();
        }
    }

    private final Map<Of, Looks> looks = new HashMap<>();
    private final Map<Of, Long> spoken = new HashMap<>();

    LossHasEvidence() {
        super(24, "a node is lost on evidence and never by its silence");
    }

    @Override
    public void looked(
            Process by, InstanceId instance, Optional<Instances.State> shown, long askedNanos, long answeredNanos) {
        var about = new Of(by, instance);
        var kind = shown.isEmpty()
                ? Optional.of(LossEvidence.Kind.INSTANCE_GONE)
                : shown.filter(Instances.State.STOPPED::equals).map(state -> LossEvidence.Kind.INSTANCE_STOPPED);
        if (kind.isEmpty()) {
            looks.remove(about);
            return;
        }
        var before = looks.get(about);
        if (before == null || before.kind() != kind.get()) {
            looks.put(about, new Looks(kind.get(), new ArrayList<>()));
        }
        looks.get(about).each().add(new Look(askedNanos, answeredNanos));
    }

    @Override
    public void heard(Process by, NodeCommand command, Reply reply, long arrivedNanos) {
        boolean isDecided = !(reply.answer() instanceof NodeAnswer.Rejected);
        if (isDecided
                && command instanceof NodeCommand.FromNode asked
                && !(asked instanceof NodeCommand.DrainJournal)) {
            spoken.merge(new Of(by, asked.incarnation().instance()), arrivedNanos, Math::max);
        }
    }

    @Override
    public void told(Process by, NodeCommand command) {
        if (!(command instanceof NodeCommand.DeclareNodeLost lost)
                || lost.evidence().kind() == LossEvidence.Kind.OPERATOR
                || lost.evidence().kind() == LossEvidence.Kind.NODE_DELETED) {
            return;
        }
        meet();
        var about = new Of(by, lost.instance().orElseThrow());
        var seen = Optional.ofNullable(looks.get(about));
        long word = spoken.getOrDefault(about, Long.MIN_VALUE);
        require(
                seen.filter(same -> same.kind() == lost.evidence().kind())
                        .filter(same -> same.areApartSince(word))
                        .isPresent(),
                () -> by + " says " + lost + ", has seen " + seen + " and was last spoken to at " + word);
    }
}
