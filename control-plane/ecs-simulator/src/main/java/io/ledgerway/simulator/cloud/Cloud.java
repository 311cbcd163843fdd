package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.cloud.NetworkInterface.Fate;
import io.ledgerway.simulator.cloud.Reply.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The model of ECS and its VPC. It has no thread, no clock and no randomness of its own: whoever drives it says
/// what time it is and calls `settle` when `nextDue` has come. Its changes are handed over before the answer is,
/// so that what was answered is written down.
public final class Cloud {
    private final ReentrantLock lock = new ReentrantLock();
    private final World world;
    private final Throttle throttle;
    private final Faults faults = new Faults();
    private final Tokens tokens;
    private final Creation creation;
    private final Attachments attachments;
    private final AddressChanges addresses;
    private final Listings listings;
    private final Consumer<List<Change>> changes;

    public Cloud(
            CloudSettings settings,
            CloudState state,
            InstantSource clock,
            RandomGenerator random,
            Fabric fabric,
            Consumer<List<Change>> changes) {
        this.world = new World(settings, state, clock, random, fabric);
        this.throttle = new Throttle(settings.throttleFactor());
        this.tokens = new Tokens(world);
        var picking = new Picking(world);
        this.creation = new Creation(world, picking);
        this.attachments = new Attachments(world);
        this.addresses = new AddressChanges(world, picking);
        this.listings = new Listings(state, settings.regionId(), world.staleness);
        this.changes = changes;
    }

    public Reply call(Call call) {
        return locked(() -> answer(call));
    }

    /// How long a fault wants this call held before it is looked at.
    public Duration hold(String action) {
        return locked(() -> faults.take(action, kind -> kind == Fault.Kind.HOLD)
                .map(Fault::delay)
                .orElse(Duration.ZERO));
    }

    /// Does what is due by now. Every call does so too.
    public void settle() {
        locked(() -> null);
    }

    public Optional<Instant> nextDue() {
        return locked(attachments::nextDue);
    }

    public String newRequestId() {
        return locked(world::newRequestId);
    }

    /// Runs an operator's work on this cloud.
    public <T> T operate(Function<Operator, T> work) {
        return locked(() -> work.apply(new Operator(world, creation, faults, throttle)));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            attachments.settle(world.clock.instant());
            return work.get();
        } finally {
            try {
                var drained = world.state.drain();
                if (!drained.isEmpty()) {
                    changes.accept(drained);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private Reply answer(Call call) {
        Instant now = world.clock.instant();
        String requestId = world.newRequestId();
        var latencies = world.settings.latencies();
        Duration reading = latencies.describing(world.random);
        Optional<Fault> fault = Optional.empty();
        try {
            throttle.count(call.action(), now);
            fault = faults.take(call.action(), kind -> kind != Fault.Kind.HOLD);
            Duration takes = isWrite(call.action()) ? latencies.writing(world.random) : reading;
            var turn = new Turn(now, now.plus(takes), fault.flatMap(Cloud::fate));
            var body = perform(call, turn, fault);
            var delivery = fault.map(Cloud::delivery).orElse(lossOrNot());
            Duration delay = fault.map(f -> takes.plus(f.delay())).orElse(takes);
            return new Reply(requestId, new Answer.Success(body), delay, delivery);
        } catch (Refusal refusal) {
            // A refused call may meet the same bad line as any other.
            return new Reply(
                    requestId,
                    Answer.Failure.of(refusal),
                    fault.map(f -> reading.plus(f.delay())).orElse(reading),
                    fault.map(Cloud::delivery).orElse(Delivery.COMPLETE));
        }
    }

    private Delivery lossOrNot() {
        return world.happens(world.settings.quirks().answerLost()) ? Delivery.DROPPED : Delivery.COMPLETE;
    }

    private Map<String, Object> perform(Call call, Turn turn, Optional<Fault> fault) {
        var parameters = new Parameters(call.parameters());
        boolean breaks = fault.filter(f -> f.kind() == Fault.Kind.BURN_TOKEN).isPresent();
        fault.filter(f -> f.kind() == Fault.Kind.REJECT).ifPresent(f -> {
            throw new Refusal(f.status(), f.code(), f.message());
        });
        checkRegion(parameters);
        return switch (call.action()) {
            case "CreateNetworkInterface" -> tokens.once(call, turn, breaks, () -> creation.create(parameters, turn));
            case "AssignPrivateIpAddresses" ->
                tokens.once(call, turn, breaks, () -> addresses.assign(parameters, turn));
            case "UnassignPrivateIpAddresses" -> addresses.unassign(parameters, turn);
            case "AttachNetworkInterface" -> attachments.attach(parameters, turn);
            case "DetachNetworkInterface" -> attachments.detach(parameters, turn);
            case "DeleteNetworkInterface" -> attachments.delete(parameters, turn);
            case "DescribeNetworkInterfaces" -> listings.networkInterfaces(parameters);
            case "DescribeInstances" -> listings.instances(parameters);
            case "DescribeInstanceTypes" -> listings.instanceTypes(parameters);
            case "DescribeVSwitches" -> listings.vSwitches(parameters);
            default ->
                throw new Refusal(
                        404, "InvalidAction.NotFound", "The action \"" + call.action() + "\" is not imitated here.");
        };
    }

    private void checkRegion(Parameters parameters) {
        String region = parameters.text("RegionId").orElse(world.settings.regionId());
        if (!region.equals(world.settings.regionId())) {
            throw new Refusal(404, "InvalidRegionId.NotFound", "The specified RegionId " + region + " is not found.");
        }
    }

    private static boolean isWrite(String action) {
        return switch (action) {
            case "CreateNetworkInterface", "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses" -> true;
            default -> false;
        };
    }

    private static Optional<Fate> fate(Fault fault) {
        return switch (fault.kind()) {
            case STUCK -> Optional.of(Fate.STUCK);
            case FAIL_LATER -> Optional.of(Fate.FAILS);
            case REJECT, BURN_TOKEN, HOLD, DELAY, DROP, TRUNCATE, BAD_GATEWAY, EMPTY_BODY, FALSE_OK -> Optional.empty();
        };
    }

    private static Delivery delivery(Fault fault) {
        return switch (fault.kind()) {
            case DROP -> Delivery.DROPPED;
            case TRUNCATE -> Delivery.TRUNCATED;
            case BAD_GATEWAY -> Delivery.BAD_GATEWAY;
            case EMPTY_BODY -> Delivery.EMPTY_BODY;
            case FALSE_OK -> Delivery.FALSE_OK;
            case REJECT, BURN_TOKEN, HOLD, DELAY, STUCK, FAIL_LATER -> Delivery.COMPLETE;
        };
    }
}
