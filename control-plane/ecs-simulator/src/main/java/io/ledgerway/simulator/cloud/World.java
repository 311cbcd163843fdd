package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.Fabric;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What every action of the model works on.
final class World {
    private static final int ID_LENGTH = 17;
    private static final int MAC_SUFFIXES = 1 << 24;
    private static final String ID_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

    final CloudSettings settings;
    final CloudState state;
    final InstantSource clock;
    final RandomGenerator random;
    final Fabric fabric;
    final Staleness staleness;

    World(CloudSettings settings, CloudState state, InstantSource clock, RandomGenerator random, Fabric fabric) {
        this.settings = settings;
        this.state = state;
        this.clock = clock;
        this.random = random;
        this.fabric = fabric;
        this.staleness = new Staleness(settings.quirks(), clock, random);
    }

    void put(NetworkInterface eni) {
        staleness.changed(eni.id(), state.networkInterface(eni.id()));
        state.put(eni);
    }

    void remove(NetworkInterface eni) {
        staleness.changed(eni.id(), Optional.of(eni));
        state.remove(Change.Kind.INTERFACE, eni.id());
    }

    NetworkInterface networkInterface(String id) {
        return state.networkInterface(id).orElseThrow(() -> Refusal.unknownInterface(id));
    }

    Instance instance(String id) {
        return state.instance(id).orElseThrow(() -> Refusal.unknownInstance(id));
    }

    VSwitch vSwitch(String id) {
        return state.vSwitch(id)
                .orElseThrow(() -> new Refusal(
                        404, "InvalidVSwitchId.NotFound", "The specified VSwitchId " + id + " is not found."));
    }

    InstanceType typeOf(Instance instance) {
        return InstanceType.all().get(instance.instanceType());
    }

    boolean happens(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    /// An id in the shape that ECS gives, never one that exists.
    String newId(String prefix) {
        while (true) {
            var id = new StringBuilder(prefix).append("-bp1");
            for (int i = 0; i < ID_LENGTH; i++) {
                id.append(ID_DIGITS.charAt(random.nextInt(ID_DIGITS.length())));
            }
            String text = id.toString();
            if (state.networkInterface(text).isEmpty() && state.instance(text).isEmpty()) {
                return text;
            }
        }
    }

    String newMac() {
        while (true) {
            int suffix = random.nextInt(MAC_SUFFIXES);
            String mac = String.format("00:16:3e:%02x:%02x:%02x", suffix >>> 16, suffix >>> 8 & 255, suffix & 255);
            if (state.interfaces().stream().noneMatch(eni -> eni.macAddress().equals(mac))) {
                return mac;
            }
        }
    }

    String newRequestId() {
        long high = random.nextLong();
        long low = random.nextLong();
        return new UUID(high, low).toString().toUpperCase(Locale.ROOT);
    }
}
