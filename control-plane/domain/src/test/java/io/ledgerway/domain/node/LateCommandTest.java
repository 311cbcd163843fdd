package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.JOURNAL;
import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.OTHER_JOURNAL;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rule 15: a command that was on its way while the journal was drained cannot undo what that said.
class LateCommandTest {

    private static final PodRequest POD = pod("a", "s1");

    /// Every kind of command that carries a mark and is decided by it.
    static Stream<Named<BiFunction<Scenario, Optional<JournalMark>, NodeCommand>>> kinds() {
        return Stream.of(
                Named.of(
                        "AllocateIp",
                        (s, mark) -> new NodeCommand.AllocateIp(s.header(), NODE, mark, POD, s.firstIdle())),
                Named.of(
                        "ReleaseIp",
                        (s, mark) ->
                                new NodeCommand.ReleaseIp(s.header(), NODE, mark, POD.attachment(), POD.sandbox())),
                Named.of(
                        "ReportEndpointReady",
                        (s, mark) -> new NodeCommand.ReportEndpointReady(
                                s.header(), NODE, mark, POD.attachment(), POD.sandbox(), "lw1")),
                Named.of(
                        "ReportEndpointRemoved",
                        (s, mark) -> new NodeCommand.ReportEndpointRemoved(
                                s.header(), NODE, mark, POD.attachment(), POD.sandbox())),
                Named.of(
                        "ReconcileKernel",
                        (s, mark) -> new NodeCommand.ReconcileKernel(
                                s.header(),
                                NODE,
                                mark,
                                List.of(),
                                List.of(new NodeCommand.ReconcileKernel.Missing(POD.attachment(), POD.sandbox())))));
    }

    /// The pod came and went while the node was alone, and came again; the log has heard two entries.
    private static Scenario drainedThrough2() {
        var scenario = Scenario.withIdleAndJournal(3);
        scenario.alone(new JournalFact.Bound(POD, scenario.firstIdle().orElseThrow()))
                .alone(new JournalFact.Abandoned(pod("other", "s9"), "no address"))
                .drained();
        return scenario;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aLateCommandIsRefusedAndLeavesNoEvent(BiFunction<Scenario, Optional<JournalMark>, NodeCommand> kind) {
        for (var late : List.of(new JournalMark(JOURNAL, 1), new JournalMark(OTHER_JOURNAL, 7))) {
            var scenario = drainedThrough2();

            scenario.when(kind.apply(scenario, Optional.of(late)));

            assertEquals(
                    Reason.LATE_COMMAND,
                    assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer)
                            .rejection()
                            .reason());
            assertEquals(List.of(), scenario.appended);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCommandThatKnowsAllThatTheLogHasHeardIsDecided(
            BiFunction<Scenario, Optional<JournalMark>, NodeCommand> kind) {
        for (long sequence : List.of(2L, 5L)) {
            var scenario = drainedThrough2();

            scenario.when(kind.apply(scenario, Optional.of(new JournalMark(JOURNAL, sequence))));

            assertNotEquals(NodeAnswer.Rejected.class, scenario.answer.getClass());
        }
    }

    /// The disk was full, so the next run could not write that it begins, and both name the same place of the journal.
    private static Scenario nextRunIsThere() {
        var scenario = Scenario.withIdleAndJournal(3);
        return scenario.when(scenario.register(NODE, "boot-1", "run-2", JOURNAL));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCommandOfARunThatIsOverIsRefusedAndLeavesNoEvent(
            BiFunction<Scenario, Optional<JournalMark>, NodeCommand> kind) {
        var scenario = nextRunIsThere();

        scenario.when(kind.apply(scenario, Optional.of(new JournalMark(JOURNAL, 0).sentBy("run-1"))));

        var refused =
                assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer).rejection();
        assertEquals(Reason.NODE_NOT_REGISTERED, refused.reason());
        assertTrue(refused.message().contains("run-1"), refused.message());
        assertEquals(List.of(), scenario.appended);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCommandOfTheRunThatHasRegisteredOrOfOneThatIsNotNamedIsDecided(
            BiFunction<Scenario, Optional<JournalMark>, NodeCommand> kind) {
        var place = new JournalMark(JOURNAL, 0);
        for (var mark : List.of(place.sentBy("run-2"), place)) {
            var scenario = nextRunIsThere();

            scenario.when(kind.apply(scenario, Optional.of(mark)));

            assertNotEquals(NodeAnswer.Rejected.class, scenario.answer.getClass());
        }
    }

    @Test
    void aLateAddDoesNotBringADeletedPodBack() {
        var scenario = Scenario.withIdleAndJournal(3);
        var late = new NodeCommand.AllocateIp(
                scenario.header(), NODE, Optional.of(new JournalMark(JOURNAL, 0)), POD, scenario.firstIdle());
        scenario.alone(new JournalFact.Bound(POD, scenario.firstIdle().orElseThrow()))
                .alone(new JournalFact.Released(POD.attachment(), POD.sandbox()))
                .alone(new JournalFact.Removed(POD.attachment(), POD.sandbox()))
                .drained();

        scenario.when(late);

        assertEquals(Optional.empty(), scenario.node.endpoint(POD.attachment()));
    }
}
