package io.ledgerway.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Node;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.testing.NodeLife;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeStateDiffTest {

    private static LogPosition at(int sequence) {
        return new LogPosition(0, sequence, 1);
    }

    private static WatchDesiredStateResponse throughBytes(WatchDesiredStateResponse message) {
        try {
            return WatchDesiredStateResponse.parseFrom(message.toByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Node> states() {
        var states = new ArrayList<Node>();
        var node = Node.EMPTY;
        states.add(node);
        for (var event : NodeLife.events()) {
            node = node.evolve(event);
            states.add(node);
        }
        return states;
    }

    private static void assertSame(Node expected, NodeMirror mirror, String where) {
        var whole = new NodeMirror();
        whole.apply(NodeStateDiff.whole(expected, at(0)));
        assertEquals(whole.enis, mirror.enis, where);
        assertEquals(whole.addresses, mirror.addresses, where);
        assertEquals(whole.endpoints, mirror.endpoints, where);
        assertEquals(whole.vSwitches, mirror.vSwitches, where);
    }

    @Test
    void wholeAndThenDifferencesAreTheWholeStateAtEveryPrefix() {
        var states = states();
        assertTrue(states.size() > 15, "the life is too short to show anything: " + states.size());
        for (int begin = 0; begin < states.size(); begin++) {
            var mirror = new NodeMirror();
            mirror.apply(throughBytes(NodeStateDiff.whole(states.get(begin), at(begin))));
            for (int next = begin + 1; next < states.size(); next++) {
                mirror.apply(throughBytes(NodeStateDiff.between(states.get(next - 1), states.get(next), at(next))));
                assertSame(states.get(next), mirror, "from " + begin + " to " + next);
            }
        }
    }

    @Test
    void oneDifferenceOverManyStatesIsTheSameAsAllOfThem() {
        var states = states();
        for (int begin = 0; begin < states.size(); begin++) {
            for (int end = begin; end < states.size(); end++) {
                var mirror = new NodeMirror();
                mirror.apply(NodeStateDiff.whole(states.get(begin), at(begin)));
                mirror.apply(NodeStateDiff.between(states.get(begin), states.get(end), at(end)));
                assertSame(states.get(end), mirror, "from " + begin + " at once to " + end);
            }
        }
    }

    @Test
    void aDifferenceIsSmallAndAlwaysSaysThePosition() {
        var states = states();
        var last = states.getLast();

        var nothing = NodeStateDiff.between(last, last, at(7));

        assertEquals(7, nothing.getPosition().getSequence());
        assertEquals(0, nothing.getAddressesCount() + nothing.getEnisCount() + nothing.getEndpointsCount());
        assertTrue(nothing.getTarget().equals(nothing.getTarget().getDefaultInstanceForType()));
    }

    @Test
    void theTargetComesWithTheWholeStateAndWhenItChanges() {
        var configured = NodeLife.configured();

        assertTrue(NodeStateDiff.whole(configured, at(1)).hasTarget());
        assertTrue(NodeStateDiff.between(Node.EMPTY, configured, at(1)).hasTarget());
    }
}
