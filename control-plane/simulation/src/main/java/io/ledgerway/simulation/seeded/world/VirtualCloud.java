package io.ledgerway.simulation.seeded.world;

import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Scheduler;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.cloud.Answer;
import io.ledgerway.simulator.cloud.Call;
import io.ledgerway.simulator.cloud.Change;
import io.ledgerway.simulator.cloud.Cloud;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.CloudState;
import io.ledgerway.simulator.cloud.Latencies;
import io.ledgerway.simulator.cloud.NetworkInterface;
import io.ledgerway.simulator.cloud.Operator;
import io.ledgerway.simulator.cloud.Quirks;
import io.ledgerway.simulator.cloud.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The simulator's model of ECS on virtual time, with its own habits drawn by the seed.
public final class VirtualCloud {

    static final Reply ILLEGAL_TIMESTAMP = new Reply(
            "none",
            new Answer.Failure(400, "IllegalTimestamp", "The time stamp is too far from the cloud's."),
            Duration.ZERO,
            Reply.Delivery.COMPLETE);

    private static final double TOKEN_FORGOTTEN_AFTER_HOURS = 24;

    private final Process process;
    private final WallClock clock;
    private final Cloud cloud;
    private final Map<String, NetworkInterface> interfaces = new LinkedHashMap<>();
    private BiConsumer<Optional<NetworkInterface>, Optional<NetworkInterface>> follower = (before, after) -> {};
    private Scheduler.Event settling;
    private long refusedOld;

    VirtualCloud(Process process, SplittableRandom random, Quirks quirks, double throttle) {
        this.process = process;
        this.clock = new WallClock(process.scheduler());
        var settings = new CloudSettings(
                "cn-hangzhou",
                Latencies.realistic(1),
                quirks,
                throttle,
                Duration.ofHours((long) TOKEN_FORGOTTEN_AFTER_HOURS),
                CloudSettings.INTERFACE_QUOTA);
        this.cloud = new Cloud(settings, new CloudState(), clock, random, Fabric.none(), this::changed);
    }

    Process process() {
        return process;
    }

    Instant now() {
        return clock.instant();
    }

    void follow(BiConsumer<Optional<NetworkInterface>, Optional<NetworkInterface>> by) {
        follower = by;
    }

    private void changed(List<Change> changes) {
        for (var change : changes) {
            if (change.kind() == Change.Kind.INTERFACE) {
                var after = change.value().map(NetworkInterface.class::cast);
                var before = Optional.ofNullable(
                        after.isPresent() ? interfaces.put(change.id(), after.get()) : interfaces.remove(change.id()));
                follower.accept(before, after);
            }
        }
    }

    Duration hold(String action) {
        return cloud.hold(action);
    }

    Reply call(Call call) {
        var reply = cloud.call(call);
        settleWhenDue();
        return reply;
    }

    <T> T operate(Function<Operator, T> work) {
        var done = cloud.operate(work);
        settleWhenDue();
        return done;
    }

    private void settleWhenDue() {
        if (settling != null) {
            settling.cancel();
            settling = null;
        }
        cloud.nextDue()
                .ifPresent(due -> settling = process.in(Duration.between(clock.instant(), due), () -> {
                    cloud.settle();
                    settling = null;
                    settleWhenDue();
                }));
    }

    void refusedOld(String action) {
        refusedOld++;
    }

    /// How many calls came with a time stamp that was refused.
    public long refusedOld() {
        return refusedOld;
    }

    public NetworkInterface networkInterface(String id) {
        return interfaces.get(id);
    }

    public List<NetworkInterface> secondaryInterfaces() {
        return interfaces.values().stream()
                .filter(eni -> eni.type() == NetworkInterface.Type.Secondary)
                .toList();
    }
}
