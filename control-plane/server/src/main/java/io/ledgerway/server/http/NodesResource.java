package io.ledgerway.server.http;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.InstanceWatch;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.server.run.Presence;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Nodes as the committed log makes them, and what an operator may say of them. Reading is open to whoever reaches the
/// port; to change something takes the operator's token.
@Path("/v1/nodes")
@Produces(MediaType.APPLICATION_JSON)
public class NodesResource {

    private static final Duration TO_DECIDE = Duration.ofSeconds(10);
    private static final int LONGEST_WHY = 500;
    private static final String ACTOR = "operator";

    private final Commands commands;
    private final Presence presence;
    private final InstanceWatch instances;
    private final OperatorToken operators;

    NodesResource(Commands commands, Presence presence, InstanceWatch instances, OperatorToken operators) {
        this.commands = commands;
        this.presence = presence;
        this.instances = instances;
        this.operators = operators;
    }

    /// @param why what the operator knows; it stays in the log
    public record Word(String why) {}

    /// @param changed false if it was so already
    public record Done(String name, String instance, String standing, boolean changed, String message) {}

    @GET
    public Response nodes() {
        try {
            var all = new ArrayList<NodeDocument.Summary>();
            for (var name : commands.nodes()) {
                var node = commands.node(name);
                all.add(NodeDocument.summary(node, life(node)));
            }
            all.sort(Comparator.comparing(NodeDocument.Summary::name));
            return Response.ok(all).build();
        } catch (LogUnavailable e) {
            return Problem.unavailable(e.getMessage());
        }
    }

    private NodeDocument.Life life(CommittedNode node) {
        return NodeDocument.life(
                node.state(),
                presence.of(node.name()),
                Optional.ofNullable(instances.held().get(node.name())));
    }

    @GET
    @Path("{name}")
    public Response node(@PathParam("name") String name) {
        return with(
                name,
                found -> Response.ok(NodeDocument.whole(found, life(found))).build());
    }

    private Response with(String name, Function<CommittedNode, Response> answer) {
        if (name.isBlank()) {
            return Problem.badRequest("a node's name is not blank; the path ends with it");
        }
        try {
            var found = commands.node(new NodeName(name));
            return found.state().incarnation().isEmpty()
                    ? Problem.notFound("no node " + name + " has registered in this log")
                    : answer.apply(found);
        } catch (LogUnavailable e) {
            return Problem.unavailable(e.getMessage());
        }
    }

    /// The operator knows that the node is not there any more. Nothing is freed by that.
    @POST
    @Path("{name}/lost")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response lost(
            @PathParam("name") String name, @HeaderParam("Authorization") String authorization, Word word) {
        return said(
                name,
                authorization,
                word,
                (found, header, why) -> new NodeCommand.DeclareNodeLost(
                        header,
                        found.name(),
                        found.state().incarnation().map(known -> known.instance()),
                        new LossEvidence(LossEvidence.Kind.OPERATOR, why)));
    }

    /// The node does not come back: its ENIs are taken apart. It is also the word that a capped drain waits for.
    @POST
    @Path("{name}/retire")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response retire(
            @PathParam("name") String name, @HeaderParam("Authorization") String authorization, Word word) {
        return said(
                name,
                authorization,
                word,
                (found, header, why) -> new NodeCommand.RetireNode(
                        header, found.name(), found.state().incarnation().map(known -> known.instance()), false, why));
    }

    private interface Says {
        NodeCommand of(CommittedNode found, Header header, String why);
    }

    private Response said(String name, String authorization, Word word, Says says) {
        var refusal = operators.refusal(authorization);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var why = word == null || word.why() == null || word.why().isBlank() ? "no reason was given" : word.why();
        if (why.length() > LONGEST_WHY) {
            return Problem.unusable("a reason has at most " + LONGEST_WHY + " characters, not " + why.length());
        }
        return with(name, found -> {
            var header = new Header(new CommandId(UUID.randomUUID().toString()), Instant.now(), ACTOR);
            return decided(found, says.of(found, header, why));
        });
    }

    private Response decided(CommittedNode before, NodeCommand command) {
        try {
            var reply = commands.execute(command).get(TO_DECIDE.toMillis(), TimeUnit.MILLISECONDS);
            if (reply.answer() instanceof NodeAnswer.Rejected no) {
                return Problem.conflict(no.rejection().message());
            }
            return Response.ok(done(before, command, presence.of(before.name()).isConnected()))
                    .build();
        } catch (ExecutionException e) {
            return Problem.unavailable(String.valueOf(e.getCause().getMessage()));
        } catch (TimeoutException e) {
            return Problem.undecided("the log has not confirmed it after " + TO_DECIDE.toSeconds()
                    + " s; it may be decided yet, and saying it again does no harm");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.unavailable("the control plane is stopping");
        }
    }

    private static Done done(CommittedNode before, NodeCommand command, boolean isConnected) {
        var state = before.state();
        var instance = state.incarnation().orElseThrow().instance();
        boolean retire = command instanceof NodeCommand.RetireNode;
        boolean wasRetired = state.standing() instanceof Standing.Retired;
        boolean was = wasRetired || !retire && state.standing() instanceof Standing.Lost;
        var now = retire || wasRetired ? "retired" : "lost";
        var then = retire
                ? "its ENIs (" + state.enis().size() + ") are detached from " + instance + " and deleted"
                : "nothing is freed by that: what it holds ends when ECS shows its ENIs detached, or when it is retired"
                        + (isConnected
                                ? ". Its executor is connected at this moment, and the node is back as soon as it says something"
                                : "");
        return new Done(
                before.name().value(),
                instance.value(),
                now,
                !was,
                was
                        ? "node " + before.name() + " is " + state.standing().name() + " already"
                        : "node " + before.name() + " (" + instance + ") is " + now + "; " + then);
    }
}
