package io.ledgerway.server.http;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.LogUnavailable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.Comparator;

/// Nodes as the committed log makes them. Reading is open to whoever reaches the port; nothing here changes anything.
@Path("/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
public class NodesResource {

    private final Commands commands;

    NodesResource(Commands commands) {
        this.commands = commands;
    }

    @GET
    public Response nodes() {
        try {
            var all = new ArrayList<NodeDocument.Summary>();
            for (var name : commands.nodes()) {
                all.add(NodeDocument.summary(commands.node(name)));
            }
            all.sort(Comparator.comparing(NodeDocument.Summary::name));
            return Response.ok(all).build();
        } catch (LogUnavailable e) {
            return Problem.unavailable(e.getMessage());
        }
    }

    @GET
    @Path("{name}")
    public Response node(@PathParam("name") String name) {
        if (name.isBlank()) {
            return Problem.badRequest("a node's name is not blank; the path ends with it");
        }
        try {
            var found = commands.node(new NodeName(name));
            return found.state().incarnation().isEmpty()
                    ? Problem.notFound("no node " + name + " has registered in this log")
                    : Response.ok(NodeDocument.whole(found)).build();
        } catch (LogUnavailable e) {
            return Problem.unavailable(e.getMessage());
        }
    }
}
