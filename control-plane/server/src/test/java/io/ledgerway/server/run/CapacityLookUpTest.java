package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.run.SimulatedCloud.Fault;
import io.ledgerway.server.testing.NodeLife;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the runner asks the cloud before it can fill a pool.
class CapacityLookUpTest extends RunningIntents {

    @Test
    void anInstanceThatIsNotFoundIsAskedForAgain() {
        cloud.fail("instance", Fault.REFUSED, Fault.LOST_BEFORE);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(3, cloud.count("instance"));
    }

    @Test
    void aVSwitchAddedToTheConfigurationLaterIsLookedUpAndRecorded() {
        var whole = NodeLife.target(2);
        start(with(whole, List.of(NodeLife.VSWITCH)));
        register();
        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(List.of(NodeLife.VSWITCH), List.copyOf(node().vSwitches().keySet()));
        runner.close();

        start(whole);

        until("the other vSwitch", node -> node.vSwitches().containsKey(NodeLife.OTHER_VSWITCH));
        assertEquals(2, cloud.count("instance"));
        var learnt = events(NodeEvent.CapacityLearnt.class);
        assertEquals(2, learnt.size());
        assertEquals(1, learnt.getLast().capacity().enisNotOurs(), "ENIs of ours are not taken for others");
    }

    @Test
    void aVSwitchThatTheCloudDoesNotHaveIsNotAskedForInALoop() {
        cloud.unknownVSwitches.add(NodeLife.OTHER_VSWITCH);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        until("the second look", node -> cloud.count("instance") == 2);
        allocate("pod-1");
        until("a refill", node -> node.idle() >= 2 && node.intents().isEmpty());
        assertEquals(2, cloud.count("instance"), "one look that taught the capacity, one that found nothing more");
        assertEquals(1, events(NodeEvent.CapacityLearnt.class).size());
    }

    private static PoolTarget with(PoolTarget target, List<VSwitchId> vSwitches) {
        return new PoolTarget(
                target.lowWatermark(),
                target.highWatermark(),
                target.batch(),
                target.coolDown(),
                vSwitches,
                target.selection(),
                target.securityGroups());
    }
}
