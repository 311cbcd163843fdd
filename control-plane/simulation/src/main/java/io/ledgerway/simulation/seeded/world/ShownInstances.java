package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.server.run.Cloud.Answer;
import io.ledgerway.server.run.Instances;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the cloud shows one replica of instances. It may be wrong of one for a while.
final class ShownInstances implements Instances {

    private final World world;
    private final Process caller;
    private final EcsModel ecs;

    ShownInstances(World world, Process caller, EcsModel ecs) {
        this.world = world;
        this.caller = caller;
        this.ecs = ecs;
    }

    @Override
    public Answer<Map<InstanceId, State>> states(List<InstanceId> instances) {
        long asked = caller.scheduler().now();
        var named = instances.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
        var answer = EcsModel.map(
                ecs.call("DescribeInstances", Map.of("InstanceIds", named, "PageSize", "100")), this::states);
        if (answer instanceof Answer.Ok<Map<InstanceId, State>> ok) {
            long answered = caller.scheduler().now();
            for (var instance : instances) {
                var state = Optional.ofNullable(ok.value().get(instance));
                world.checks().looked(caller, instance, state, asked, answered);
            }
        }
        return answer instanceof Answer.No<?> && world.network().has(Bug.SILENT_CLOUD_SHOWS_NOTHING)
                ? new Answer.Ok<>(Map.of(), Optional.empty())
                : answer;
    }

    private Map<InstanceId, State> states(Map<String, Object> body) {
        var states = new LinkedHashMap<InstanceId, State>();
        for (var shown : EcsModel.documents(body, "Instances", "Instance")) {
            var instance = new InstanceId(EcsModel.text(shown, "InstanceId"));
            world.machines()
                    .shown(instance, state(EcsModel.text(shown, "Status")))
                    .ifPresent(state -> states.put(instance, state));
        }
        return states;
    }

    private static State state(String status) {
        return switch (status) {
            case "Running" -> State.RUNNING;
            case "Stopped" -> State.STOPPED;
            default -> State.CHANGING;
        };
    }
}
