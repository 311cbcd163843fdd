package io.ledgerway.server.run;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.OwnedEnis.Owned;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Looks for what is ours in the cloud and in no node's log: what an owner that was paused has asked for after the log
/// had given it up. Nothing is taken away from here; the log is told, and what goes back does so by a recorded intent.
///
/// An unknown ENI that is on an instance is left alone and said: a cluster whose log began anew may have pods on it.
public final class StraySweep implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StraySweep.class);
    private static final String ACTOR = "control-plane";

    /// The rest is told by later sweeps.
    static final int MOST_TOLD_AT_ONCE = 10;

    /// @param every how often the cloud is asked for all that is ours
    /// @param after for how long it has to be seen unknown: longer than any attempt lasts
    public record Rhythm(Duration every, Duration after) {
        public static final Rhythm DEFAULT = new Rhythm(Duration.ofMinutes(10), Duration.ofMinutes(30));
    }

    /// @param workers the sweep's own, closed with it
    public record Surroundings(InstantSource clock, Supplier<CommandId> ids, Workers workers) {}

    /// An ENI, or an address on one.
    private record Thing(EniId eni, Optional<IpAddress> address) {}

    private final Commands commands;
    private final OwnedEnis cloud;
    private final Rhythm rhythm;
    private final Surroundings around;
    private final Workers workers;
    /// When each unknown thing was seen first; only the looking thread touches it.
    private final Map<Thing, Moment> seen = new HashMap<>();

    public StraySweep(Commands commands, OwnedEnis cloud, Rhythm rhythm, Surroundings around) {
        this.commands = commands;
        this.cloud = cloud;
        this.rhythm = rhythm;
        this.around = around;
        this.workers = around.workers();
    }

    public void start() {
        workers.lookIn(rhythm.every(), this::sweep);
    }

    private void sweep() {
        workers.call(() -> {
            var owned = owned();
            workers.look(() -> {
                compare(owned);
                workers.lookIn(rhythm.every(), this::sweep);
            });
        });
    }

    private List<Owned> owned() {
        try {
            return switch (cloud.owned()) {
                case Cloud.Answer.Ok<List<Owned>> ok -> ok.value();
                case Cloud.Answer.No<List<Owned>> no -> {
                    LOG.warnf("the cloud does not say what is ours in it: %s: %s", no.code(), no.message());
                    yield List.of();
                }
            };
        } catch (RuntimeException e) {
            LOG.error("asking the cloud for what is ours failed; it is asked again", e);
            return List.of();
        }
    }

    /// The log is read after the cloud: what was made meanwhile is known or outstanding.
    private void compare(List<Owned> owned) {
        try {
            var nodes = new LinkedHashMap<NodeName, Node>();
            for (var name : commands.nodes()) {
                nodes.put(name, commands.node(name).state());
            }
            var strays = strays(owned, nodes);
            seen.keySet().retainAll(strays.keySet());
            var now = Moment.now(around.clock(), workers::nanoTime);
            strays.keySet().forEach(thing -> seen.putIfAbsent(thing, now));
            strays.entrySet().stream()
                    .filter(stray -> now.since(seen.get(stray.getKey())).compareTo(rhythm.after()) >= 0)
                    .limit(MOST_TOLD_AT_ONCE)
                    .forEach(stray -> tell(stray.getKey(), stray.getValue()));
        } catch (LogUnavailable e) {
            LOG.debugf("what is ours in the cloud is compared later: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("comparing the cloud with the log failed; it is tried again", e);
        }
    }

    /// What no node knows, with the command that says so.
    private Map<Thing, Supplier<NodeCommand>> strays(List<Owned> owned, Map<NodeName, Node> nodes) {
        var known = new HashMap<EniId, NodeName>();
        Set<IntentId> outstanding = new HashSet<>();
        nodes.forEach((name, node) -> {
            node.enis().keySet().forEach(eni -> known.put(eni, name));
            outstanding.addAll(node.intents().keySet());
        });
        var custodian = nodes.entrySet().stream()
                .filter(node -> node.getValue().isServing())
                .map(Map.Entry::getKey)
                .findFirst();
        var strays = new LinkedHashMap<Thing, Supplier<NodeCommand>>();
        for (var eni : owned) {
            var holder = known.get(eni.eni());
            if (holder != null) {
                strayAddresses(eni, holder, nodes.get(holder)).forEach(strays::put);
            } else if (eni.madeFor().filter(outstanding::contains).isEmpty()) {
                if (eni.isFree()) {
                    custodian.ifPresent(name -> strays.put(
                            new Thing(eni.eni(), Optional.empty()),
                            () -> new NodeCommand.ReportStrayEni(
                                    header(),
                                    name,
                                    eni.eni(),
                                    eni.mac(),
                                    eni.vSwitch(),
                                    eni.primary(),
                                    eni.madeFor())));
                } else {
                    LOG.warnf("ENI %s is ours by its tags and on an instance, and no node knows it", eni.eni());
                }
            }
        }
        return strays;
    }

    private Map<Thing, Supplier<NodeCommand>> strayAddresses(Owned eni, NodeName holder, Node node) {
        var strays = new LinkedHashMap<Thing, Supplier<NodeCommand>>();
        if (!node.enis().get(eni.eni()).isAttached() || node.isBusy(eni.eni())) {
            return strays;
        }
        var unknown = new ArrayList<>(eni.secondary());
        unknown.removeAll(node.addresses().keySet());
        for (var ip : unknown) {
            strays.put(
                    new Thing(eni.eni(), Optional.of(ip)),
                    () -> new NodeCommand.ReportStrayAddresses(header(), holder, eni.eni(), List.of(ip)));
        }
        return strays;
    }

    private void tell(Thing thing, Supplier<NodeCommand> command) {
        LOG.warnf(
                "%s is ours in the cloud and in no node's log; it goes back",
                thing.address().map(ip -> ip + " on ENI " + thing.eni()).orElse("ENI " + thing.eni()));
        commands.execute(command.get()).whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.warnf("the log did not take it that %s is a stray: %s", thing, failure.getMessage());
            }
        });
    }

    private Header header() {
        return new Header(around.ids().get(), around.clock().instant(), ACTOR);
    }

    @Override
    public void close() {
        workers.close();
    }
}
