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
import java.util.EnumMap;
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

    /// What is ours in the cloud and unknown to the log. All but the last goes back when it has been seen for long
    /// enough.
    public enum Kind {
        ENI,
        ADDRESS,
        ENI_ON_AN_INSTANCE
    }

    /// Told of every sweep, for the metrics.
    public interface Watcher {
        /// @param strays how many of each kind, zeros included
        void swept(Map<Kind, Integer> strays);

        /// Cloud or log did not answer; what was unknown before counts as before.
        void sweptInVain();
    }

    /// @param workers the sweep's own, closed with it
    public record Surroundings(InstantSource clock, Supplier<CommandId> ids, Workers workers) {}

    /// An ENI, or an address on one.
    private record Thing(EniId eni, Optional<IpAddress> address) {
        Kind kind() {
            return address.isPresent() ? Kind.ADDRESS : Kind.ENI;
        }
    }

    private final Commands commands;
    private final OwnedEnis cloud;
    private final Rhythm rhythm;
    private final Watcher watcher;
    private final Surroundings around;
    private final Workers workers;
    /// When each unknown thing was seen first; only the looking thread touches it.
    private final Map<Thing, Moment> seen = new HashMap<>();

    public StraySweep(Commands commands, OwnedEnis cloud, Rhythm rhythm, Watcher watcher, Surroundings around) {
        this.commands = commands;
        this.cloud = cloud;
        this.rhythm = rhythm;
        this.watcher = watcher;
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
                owned.ifPresentOrElse(this::compare, watcher::sweptInVain);
                workers.lookIn(rhythm.every(), this::sweep);
            });
        });
    }

    private Optional<List<Owned>> owned() {
        try {
            return switch (cloud.owned()) {
                case Cloud.Answer.Ok<List<Owned>> ok -> Optional.of(ok.value());
                case Cloud.Answer.No<List<Owned>> no -> {
                    LOG.warnf("the cloud does not say what is ours in it: %s: %s", no.code(), no.message());
                    yield Optional.empty();
                }
            };
        } catch (RuntimeException e) {
            LOG.error("asking the cloud for what is ours failed; it is asked again", e);
            return Optional.empty();
        }
    }

    /// The log is read after the cloud: what was made meanwhile is known or outstanding.
    private void compare(List<Owned> owned) {
        try {
            var nodes = new LinkedHashMap<NodeName, Node>();
            for (var name : commands.nodes()) {
                nodes.put(name, commands.node(name).state());
            }
            var known = new HashMap<EniId, NodeName>();
            nodes.forEach((name, node) -> node.enis().keySet().forEach(eni -> known.put(eni, name)));
            var strays = strays(owned, nodes, known);
            seen.keySet().retainAll(strays.keySet());
            var now = Moment.now(around.clock(), workers::nanoTime);
            strays.keySet().forEach(thing -> seen.putIfAbsent(thing, now));
            strays.entrySet().stream()
                    .filter(stray -> now.since(seen.get(stray.getKey())).compareTo(rhythm.after()) >= 0)
                    .limit(MOST_TOLD_AT_ONCE)
                    .forEach(stray -> tell(stray.getKey(), stray.getValue()));
            watcher.swept(count(strays.keySet(), unknownOnInstances(owned, known)));
        } catch (LogUnavailable e) {
            watcher.sweptInVain();
            LOG.debugf("what is ours in the cloud is compared later: %s", e.getMessage());
        } catch (RuntimeException e) {
            watcher.sweptInVain();
            LOG.error("comparing the cloud with the log failed; it is tried again", e);
        }
    }

    private static Map<Kind, Integer> count(Set<Thing> strays, int onInstances) {
        var counts = new EnumMap<Kind, Integer>(Kind.class);
        for (var kind : Kind.values()) {
            counts.put(kind, 0);
        }
        strays.forEach(thing -> counts.merge(thing.kind(), 1, Integer::sum));
        counts.put(Kind.ENI_ON_AN_INSTANCE, onInstances);
        return counts;
    }

    private static int unknownOnInstances(List<Owned> owned, Map<EniId, NodeName> known) {
        int count = 0;
        for (var eni : owned) {
            if (!eni.isFree() && !known.containsKey(eni.eni())) {
                LOG.warnf("ENI %s is ours by its tags and on an instance, and no node knows it", eni.eni());
                count++;
            }
        }
        return count;
    }

    /// What no node knows and nobody has, with the command that says so.
    private Map<Thing, Supplier<NodeCommand>> strays(
            List<Owned> owned, Map<NodeName, Node> nodes, Map<EniId, NodeName> known) {
        Set<IntentId> outstanding = new HashSet<>();
        nodes.values().forEach(node -> outstanding.addAll(node.intents().keySet()));
        var custodian = nodes.entrySet().stream()
                .filter(node -> node.getValue().isServing())
                .map(Map.Entry::getKey)
                .findFirst();
        var strays = new LinkedHashMap<Thing, Supplier<NodeCommand>>();
        for (var eni : owned) {
            var holder = known.get(eni.eni());
            if (holder != null) {
                strayAddresses(eni, holder, nodes.get(holder)).forEach(strays::put);
            } else if (eni.isFree()
                    && eni.madeFor().filter(outstanding::contains).isEmpty()) {
                custodian.ifPresent(name -> strays.put(
                        new Thing(eni.eni(), Optional.empty()),
                        () -> new NodeCommand.ReportStrayEni(
                                header(), name, eni.eni(), eni.mac(), eni.vSwitch(), eni.primary(), eni.madeFor())));
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
