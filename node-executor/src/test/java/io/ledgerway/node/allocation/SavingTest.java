package io.ledgerway.node.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.node.journal.Journal;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule 19: what a restart finds in the journal beside a state that was saved.
class SavingTest extends OneEni {

    private Alone alone;
    private Saving saving;

    @BeforeEach
    void open() throws Exception {
        alone = alone();
        saving = new Saving(addresses, journal);
        addresses.accept(state(1, ips("10.0.0.2", IDLE, "10.0.0.3", IDLE)));
    }

    private List<IpAddress> noted() {
        return journal.asked().stream().map(Journal.Asked::ip).distinct().toList();
    }

    private static List<IpAddress> only(String ip) {
        return List.of(new IpAddress(ip));
    }

    @Test
    void noteOfWhatTheStateShowsIsOverWhenItIsSaved() throws Exception {
        alone.note(of("10.0.0.2"));

        var shown = saving.shown();
        assertEquals(only("10.0.0.2"), noted(), "it may not come to be saved");
        saving.saved(shown);

        assertEquals(List.of(), noted());
    }

    @Test
    void noteFromBehindTheStateStays() throws Exception {
        var shown = saving.shown();
        alone.note(of("10.0.0.3"));

        saving.saved(shown);

        assertEquals(only("10.0.0.3"), noted());
    }

    @Test
    void whatTheLogIsBeingAskedForStaysNoted() throws Exception {
        addresses.propose(A);
        alone.note(of("10.0.0.2"));

        saving.saved(saving.shown());

        assertEquals(only("10.0.0.2"), noted());
    }

    @Test
    void whatTheRunBeforeHadNotedStaysNotedUntilTheLogIsHeard() throws Exception {
        alone.note(of("10.0.0.2"));
        alone.layAll();

        saving.saved(saving.shown());
        assertEquals(only("10.0.0.2"), noted());

        alone.logIsHeard();
        saving.saved(saving.shown());
        assertEquals(List.of(), noted());
    }

    @Test
    void stateShowsTheJournalAsFarAsTheLogIsKnownToHaveHadIt() throws Exception {
        alone.begun();
        alone.begun();
        alone.drained(1, at(1));
        alone.drained(2, at(2));

        assertEquals(1, saving.shown().through());
    }
}
