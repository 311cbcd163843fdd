package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.Fabric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Drives the model as a simulation would: its own clock, no thread, no HTTP.
final class Drive {
    static final String VSWITCH = "vsw-a";
    static final String GROUP = "sg-1";
    static final String INSTANCE = "i-1";

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    final CloudState state = new CloudState();
    final List<Change> changes = new ArrayList<>();
    final Cloud cloud;

    Drive(CloudSettings settings, Fabric fabric, long seed) {
        cloud = new Cloud(settings, state, () -> now, new SplittableRandom(seed), fabric, changes::addAll);
        cloud.operate(operator -> {
            operator.createVSwitch(VSWITCH, "vpc-1", "cn-hangzhou-h", "10.1.0.0/28");
            operator.createVSwitch("vsw-far", "vpc-1", "cn-hangzhou-i", "10.1.1.0/24");
            operator.createVSwitch("vsw-big", "vpc-1", "cn-hangzhou-h", "10.1.2.0/24");
            operator.createSecurityGroup(GROUP, "vpc-1");
            operator.createInstance(INSTANCE, "node-1", "ecs.g7.large", VSWITCH, List.of(GROUP), Optional.empty());
            return null;
        });
    }

    static Drive instant() {
        return new Drive(CloudSettings.of("cn-hangzhou", Latencies.none()), Fabric.none(), 1);
    }

    static Drive realistic() {
        return new Drive(CloudSettings.of("cn-hangzhou", Latencies.realistic(1)), Fabric.none(), 1);
    }

    Reply reply(String action, String... pairs) {
        var parameters = new TreeMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], pairs[i + 1]);
        }
        return cloud.call(new Call(action, parameters));
    }

    Map<String, Object> ok(String action, String... pairs) {
        return switch (reply(action, pairs).answer()) {
            case Answer.Success success -> success.body();
            case Answer.Failure failure -> throw new AssertionError(action + " was refused: " + failure);
        };
    }

    String refusal(String action, String... pairs) {
        return switch (reply(action, pairs).answer()) {
            case Answer.Success success -> throw new AssertionError(action + " was accepted: " + success);
            case Answer.Failure failure -> failure.status() + " " + failure.code();
        };
    }

    String create(String... pairs) {
        return created(pairs).get("NetworkInterfaceId").toString();
    }

    Map<String, Object> created(String... pairs) {
        var all = new ArrayList<>(List.of("VSwitchId", VSWITCH, "SecurityGroupIds.1", GROUP));
        all.addAll(List.of(pairs));
        return ok("CreateNetworkInterface", all.toArray(String[]::new));
    }

    String attached(String... pairs) {
        String eni = create(pairs);
        ok("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", INSTANCE);
        cloud.settle();
        return eni;
    }

    String status(String eni) {
        return state.networkInterface(eni).map(e -> e.status().name()).orElse("gone");
    }

    void pass(Duration time) {
        now = now.plus(time);
        cloud.settle();
    }

    void order(Fault fault) {
        cloud.operate(operator -> {
            operator.order(fault);
            return null;
        });
    }
}
