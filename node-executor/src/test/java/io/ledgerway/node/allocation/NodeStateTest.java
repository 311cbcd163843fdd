package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.node.time.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeStateTest {

    private static final Address IDLE = new Address.Idle(new EniId("eni-1"));

    private final Epochs epochs = new Epochs();
    private final Watched watched = new Watched(new Addresses(System::nanoTime), epochs, new Machine());

    private static StateChange change(boolean whole, Position position, List<String> added, List<String> removed) {
        var addresses = new LinkedHashMap<IpAddress, Address>();
        added.forEach(ip -> addresses.put(new IpAddress(ip), IDLE));
        return new StateChange(
                position,
                whole,
                List.of(),
                List.of(),
                addresses,
                removed.stream().map(IpAddress::new).toList(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private List<String> addresses() {
        return watched.state().addresses().keySet().stream()
                .map(IpAddress::value)
                .toList();
    }

    @Test
    void differencesAreMergedAndWholeStatesReplace() {
        watched.accept(change(true, new Position(1, 5, 1), List.of("10.0.0.1", "10.0.0.2"), List.of()));
        watched.accept(change(false, new Position(1, 6, 1), List.of("10.0.0.3"), List.of("10.0.0.1")));
        assertEquals(List.of("10.0.0.2", "10.0.0.3"), addresses());

        watched.accept(change(true, new Position(1, 9, 1), List.of("10.0.0.9"), List.of()));
        assertEquals(List.of("10.0.0.9"), addresses());
    }

    @Test
    void differenceBeforeAnyWholeStateIsRefused() {
        assertTrue(watched.accept(change(false, new Position(1, 5, 1), List.of(), List.of()))
                .isPresent());
    }

    @Test
    void lowerEpochIsRefusedEvenIfItIsFurtherOn() {
        watched.accept(change(true, new Position(1, 5, 2), List.of("10.0.0.1"), List.of()));

        assertTrue(watched.accept(change(true, new Position(1, 8, 1), List.of(), List.of()))
                .isPresent());
        assertEquals(List.of("10.0.0.1"), addresses());
    }

    @Test
    void epochThatOnlyAnAnswerHasShownCountsToo() {
        watched.accept(change(true, new Position(1, 5, 1), List.of("10.0.0.1"), List.of()));
        epochs.admit(new Position(1, 6, 2));

        assertTrue(watched.accept(change(true, new Position(1, 8, 1), List.of(), List.of()))
                .isPresent());
    }

    @Test
    void olderPositionIsRefused() {
        watched.accept(change(true, new Position(1, 5, 1), List.of("10.0.0.1"), List.of()));

        assertTrue(watched.accept(change(false, new Position(1, 4, 1), List.of("10.0.0.2"), List.of()))
                .isPresent());
        assertTrue(watched.accept(change(true, new Position(1, 4, 2), List.of("10.0.0.2"), List.of()))
                .isPresent());
        assertEquals(List.of("10.0.0.1"), addresses());
    }

    @Test
    void anotherPartitionIsRefused() {
        watched.accept(change(true, new Position(1, 5, 1), List.of(), List.of()));

        assertTrue(watched.accept(change(true, new Position(2, 9, 1), List.of(), List.of()))
                .isPresent());
    }

    @Test
    void higherEpochAtTheSamePositionIsTaken() {
        watched.accept(change(true, new Position(1, 5, 1), List.of("10.0.0.1"), List.of()));

        assertEquals(
                Optional.empty(), watched.accept(change(true, new Position(1, 5, 2), List.of("10.0.0.1"), List.of())));
        assertEquals(Optional.of(new Position(1, 5, 2)), watched.state().position());
    }
}
