package io.ledgerway.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeDriver;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.Saving;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.calls.Calls;
import io.ledgerway.node.calls.Housekeeping;
import io.ledgerway.node.calls.Limits;
import io.ledgerway.node.calls.Plumbing;
import io.ledgerway.node.calls.Reports;
import io.ledgerway.node.calls.Sandboxes;
import io.ledgerway.node.controlplane.Connection;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Returning;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.StateKeeper;
import io.ledgerway.node.controlplane.StateStore;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.journal.DataFile;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The executor's logic between its ports: what the disk remembers, the calls, and everything that goes on by itself.
///
/// It remembers before it is started: the state on disk is the ground, the journal is laid over it (rule 19), and what
/// the kernel holds is nobody else's.
public final class NodeAgent implements AutoCloseable {

    private static final Logger LOG = System.getLogger(NodeAgent.class.getName());

    private final Journal journal;
    private final Line line;
    private final Addresses addresses;
    private final Alone alone;
    private final Saving saving;
    private final Watched watched;
    private final Reports reports;
    private final Sandboxes sandboxes;
    private final Calls calls;
    private final Housekeeping housekeeping;
    private final Connection connection;
    private final Returning returning;
    private final StateKeeper keeper;
    private volatile Saving.Shown shown;

    /// @param kernel made once, with whoever wants to hear when an endpoint is gone
    public record Ports(
            ControlPlane controlPlane,
            StateStore state,
            DataFile journal,
            Function<EndpointListener, Plumbing> kernel,
            Steps steps,
            Surroundings surroundings) {}

    /// Who runs here.
    ///
    /// @param driver how it connects pods
    public record Who(Incarnation incarnation, BootId boot, String version, NodeDriver driver) {
        /// With what every node can do.
        public Who(Incarnation incarnation, BootId boot, String version) {
            this(incarnation, boot, version, NodeDriver.VETH);
        }
    }

    /// @throws IOException if the disk holds another node's data, or cannot be used at all
    public NodeAgent(Ports ports, Who who, Epochs epochs, Limits limits, int mtu) throws IOException {
        var surroundings = ports.surroundings();
        var remembered = remembered(ports.state());
        journal = Journal.open(ports.journal(), who.incarnation(), who.boot(), surroundings);
        line = new Line(journal, surroundings);
        addresses = new Addresses(surroundings::nanoTime, who.driver().gives(), limits.longestDoubt());
        alone = new Alone(addresses, journal, line::journalChanged);
        saving = new Saving(addresses, journal);
        watched = new Watched(addresses, epochs, surroundings);
        keeper = new StateKeeper(andThenDrop(ports.state(), ports.steps()), surroundings);
        sandboxes = new Sandboxes(netns(remembered, who.boot()), keeper::touch);
        remembered.map(StateFile.Contents::state).map(StateChange::whole).ifPresent(watched::accept);
        alone.layAll();
        if (journal.isLossy() || !journal.isComplete()) {
            addresses.holdBack();
        }
        if (journal.isOfAnotherBoot()) {
            alone.booted(who.boot());
        } else if (!journal.entries().isEmpty() || remembered.isPresent() || journal.isComplete()) {
            begin();
        }
        reports = new Reports(ports.controlPlane(), line, alone, ports.steps(), surroundings);
        calls = new Calls(
                new Calls.Parts(
                        ports.controlPlane(),
                        line,
                        ports.kernel().apply(reports),
                        addresses,
                        alone,
                        watched,
                        reports,
                        sandboxes),
                ports.steps(),
                surroundings,
                limits,
                mtu);
        housekeeping = new Housekeeping(calls, line, surroundings);
        connection =
                new Connection(ports.controlPlane(), line, watched, alone, surroundings, housekeeping::stateIsCurrent);
        returning = new Returning(
                ports.controlPlane(), line, journal, alone, who.boot(), who.version(), ports.steps(), surroundings);
        watched.follow(state -> {
            if (journal.isComparisonUnsaved()) {
                keeper.hurry();
            } else {
                keeper.touch();
            }
            housekeeping.stateHasChanged(alone.isWished());
        });
        line.follow(() -> {
            watched.lookAgain();
            housekeeping.look();
            if (journal.isComparisonUnsaved()) {
                keeper.hurry();
            }
        });
        keeper.start(() -> toSave(who.boot(), ports.steps()));
    }

    private void begin() {
        try {
            alone.begun();
        } catch (JournalFailed e) {
            // The node serves all the same: with the log it needs no disk. What the run before has sent and comes late
            // is told by the name of its run.
            LOG.log(Level.ERROR, "that this run begins is not journalled: {0}", e.getMessage());
        }
    }

    private static Optional<StateFile.Contents> remembered(StateStore store) throws IOException {
        try {
            return store.load();
        } catch (StateFile.Damaged e) {
            LOG.log(
                    Level.ERROR,
                    "{0}; the node goes on with what the control plane says, and can do nothing without it",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /// What another boot had is gone, and so are its sandboxes.
    private static Map<String, String> netns(Optional<StateFile.Contents> remembered, BootId boot) {
        return remembered
                .filter(contents -> contents.boot().equals(boot))
                .<Map<String, String>>map(StateFile.Contents::netnsOfSandboxes)
                .orElse(Map.of());
    }

    private Optional<StateFile.Contents> toSave(BootId boot, Steps steps) {
        if (watched.state().position().isEmpty()) {
            return Optional.empty();
        }
        shown = saving.shown();
        steps.reached(Steps.Step.STATE_TAKEN);
        return Optional.of(new StateFile.Contents(boot, sandboxes.stored(), shown.state()));
    }

    /// What the state on disk shows of the journal, the journal need not hold any more.
    private StateStore andThenDrop(StateStore store, Steps steps) {
        return new StateStore() {
            @Override
            public Optional<StateFile.Contents> load() throws IOException {
                return store.load();
            }

            @Override
            public void save(StateFile.Contents contents) throws IOException {
                var saved = shown;
                store.save(contents);
                steps.reached(Steps.Step.STATE_SAVED);
                saving.saved(saved);
            }
        };
    }

    /// Begins to look for the log.
    public void connect() {
        returning.start();
        connection.start();
    }

    /// Begins to keep kernel and log in order; the kernel has to be ready for it.
    public void serve() {
        calls.lookAtKernel();
        housekeeping.start();
    }

    public Calls calls() {
        return calls;
    }

    public Watched watched() {
        return watched;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Journal journal() {
        return journal;
    }

    public Reports reports() {
        return reports;
    }

    public Sandboxes sandboxes() {
        return sandboxes;
    }

    public Line line() {
        return line;
    }

    /// Why an ADD would fail now; nothing if it would not.
    public Optional<String> whyNoAdd() {
        return line.trouble().filter(trouble -> !line.mayGoAlone() || journal.isFailing() || addresses.free() == 0);
    }

    /// For the line that says that it serves.
    public String standing() {
        return "state " + watched.state().position().map(Object::toString).orElse("not known yet") + ", journal "
                + journal.id() + " with " + journal.backlog() + " entries that the log has not heard, "
                + addresses.free() + " free addresses"
                + line.trouble().map(trouble -> " (" + trouble + ")").orElse("");
    }

    @Override
    public void close() {
        housekeeping.close();
        connection.close();
        returning.close();
        reports.close();
        keeper.close();
        journal.close();
    }
}
