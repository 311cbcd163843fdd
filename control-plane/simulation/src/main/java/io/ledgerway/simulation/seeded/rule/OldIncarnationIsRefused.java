package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.util.Optional;

/// A name stands for one instance at a time: what another one asks is refused, and a new one inherits nothing.
final class OldIncarnationIsRefused extends Rule {

    OldIncarnationIsRefused() {
        super(1, "an older incarnation is refused, and a new one inherits no address");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        if (command instanceof NodeCommand.FromNode asked
                && !(asked instanceof NodeCommand.RegisterNode)
                && !(asked instanceof NodeCommand.DrainJournal)
                && before.incarnation().isPresent()
                && !before.incarnation().get().equals(asked.incarnation())) {
            meet();
            require(
                    decision.answer() instanceof NodeAnswer.Rejected,
                    () -> command + " was answered with " + decision.answer() + ", the log knows "
                            + before.incarnation());
        }
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        var node = world().log().node(host.name());
        boolean isTheLogs = node.endpoints().values().stream()
                .anyMatch(endpoint -> endpoint.request().sandbox().value().equals(link.sandbox())
                        && Endpoint.allocation(endpoint).isPresent());
        require(
                !isTheLogs || node.incarnation().equals(Optional.of(host.incarnation())),
                () -> link + " of " + host + " was given to it, and the name stands for " + node.incarnation());
    }

    @Override
    public void added(Host host, PodCall call, EndpointResult result) {
        var known = world().log().node(host.name()).incarnation();
        require(
                known.equals(Optional.of(host.incarnation())),
                () -> call + " was answered on " + host + ", the name stands for " + known);
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.NodeReplaced) {
            meet();
            require(
                    after.endpoints().isEmpty() && after.idle() == 0,
                    () -> "after " + event + " the node has "
                            + after.endpoints().keySet() + " and " + after.addresses());
        }
    }
}
