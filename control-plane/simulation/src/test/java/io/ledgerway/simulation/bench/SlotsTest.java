package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Namespaces;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final BoxId box = new BoxId("s" + ProcessHandle.current().pid());

    @AfterEach
    void leaveNothing() {
        Namespaces.withPrefix(box.prefix()).forEach(Namespaces::end);
    }

    @Test
    void podsThatFollowEachOtherShareASlotAndNothingElse() {
        try (var slots = new Slots(box, "ours", "node-1", 2)) {
            assertEquals(
                    List.of(box.namespace("ours-1"), box.namespace("ours-2")), Namespaces.withPrefix(box.prefix()));

            var first = slots.newPods(1).getFirst();
            var second = slots.newPods(1).getFirst();

            assertEquals(first.netns(), second.netns());
            assertNotEquals(first.uid(), second.uid());
            assertNotEquals(first.sandbox(), second.sandbox());
            assertThrows(IllegalArgumentException.class, () -> slots.newPods(3));
        }
        assertEquals(List.of(), Namespaces.withPrefix(box.prefix()));
    }
}
