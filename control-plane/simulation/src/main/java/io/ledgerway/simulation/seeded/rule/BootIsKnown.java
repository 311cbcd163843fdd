package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What is granted in one boot must not be ended by the word of it that comes late.
final class BootIsKnown extends Rule {

    /// Which boot of its machine each sandbox was built in.
    private final Map<String, Integer> boots = new HashMap<>();

    BootIsKnown() {
        super(2, "a new boot ends every endpoint before it and none of its own");
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        var before = boots.putIfAbsent(link.sandbox(), host.boots());
        require(
                before == null || before == host.boots(),
                () -> link + " of " + host + " is of boot " + before + ", and this is boot " + host.boots());
    }

    @Override
    public void added(Host host, PodCall call, EndpointResult result) {
        meet();
        require(
                world().told().knowsBoot(host),
                () -> call + " was answered on " + host + " before anybody was told of " + host.boot()
                        + "; the log has " + world().log().node(host.name()).boot());
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (event instanceof NodeEvent.NodeBooted booted) {
            meet();
            require(after.endpoints().isEmpty(), () -> "after " + booted + " there is " + after.endpoints());
            for (var host : world().hosts()) {
                boolean isItsBoot = Optional.of(host.incarnation()).equals(after.incarnation())
                        && host.boot().equals(booted.boot());
                for (var link : host.links().living()) {
                    require(
                            !isItsBoot || before.endpoints().values().stream().noneMatch(ended -> isSame(ended, link)),
                            () -> booted + " ends " + link + " of " + host + ", which is of that boot");
                }
            }
        }
    }

    private static boolean isSame(Endpoint endpoint, Links.Link link) {
        return endpoint.request().sandbox().value().equals(link.sandbox());
    }
}
