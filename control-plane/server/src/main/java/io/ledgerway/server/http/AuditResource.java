package io.ledgerway.server.http;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Clocks;
import io.ledgerway.domain.audit.Coverage;
import io.ledgerway.domain.audit.HeardLate;
import io.ledgerway.domain.audit.Journal;
import io.ledgerway.domain.audit.Json;
import io.ledgerway.domain.audit.NodeJson;
import io.ledgerway.domain.audit.StateDigest;
import io.ledgerway.domain.audit.Story;
import io.ledgerway.domain.audit.Subjects;
import io.ledgerway.domain.audit.Whereabouts;
import io.ledgerway.server.run.Audit;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.LogUnavailable;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// Who holds and who held what, and why. Every answer says how much of the log it rests on.
@Path("/v1")
@Singleton
public class AuditResource {

    private static final String PROBLEM = "application/problem+json";

    /// Pods of one name whose stories are told, the latest first.
    private static final int MOST_PODS = 10;

    private static final int RETRY_SECONDS = 2;

    private final Instance<Audit> audit;
    private final Commands commands;

    AuditResource(Instance<Audit> audit, Commands commands) {
        this.audit = audit;
        this.commands = commands;
    }

    /// @param all whether the ended ones are listed too
    @GET
    @Path("/holdings")
    public Response holdings(@QueryParam("all") boolean all) {
        return answer((journal, coverage) -> {
            var holdings = all ? journal.allHoldings() : journal.openHoldings();
            var json = new LinkedHashMap<String, Object>();
            json.put("count", holdings.size());
            json.put("truncated", holdings.size() == Journal.MOST_HOLDINGS);
            json.put("holdings", AuditJson.holdings(holdings));
            json.putAll(AuditJson.overlaps(HeardLate.sort(journal, journal.conflicts())));
            json.put("unexplained", AuditJson.entries(journal.unexplained()));
            return json;
        });
    }

    /// @param at a moment as ISO-8601; without one all holdings of the address are told
    @GET
    @Path("/audit/addresses/{ip}")
    public Response address(@PathParam("ip") String ip, @QueryParam("at") String at) {
        IpAddress address;
        try {
            address = new IpAddress(ip);
        } catch (IllegalArgumentException e) {
            return problem(400, "not an IP address", "'" + ip + "' is neither an IPv4 nor an IPv6 address");
        }
        if (at == null) {
            return answer((journal, coverage) -> history(journal, coverage, address));
        }
        Instant time;
        try {
            time = Instant.parse(at);
        } catch (DateTimeParseException e) {
            return problem(400, "not a time", "'" + at + "' is no ISO-8601 moment, such as 2026-11-24T02:14:00Z");
        }
        return answer((journal, coverage) -> whereabouts(journal, coverage, address, time));
    }

    private static Map<String, Object> whereabouts(
            Journal journal, Coverage coverage, IpAddress address, Instant time) {
        var json = AuditJson.whereabouts(Whereabouts.of(journal, coverage, address, time));
        json.putAll(AuditJson.overlaps(HeardLate.sort(journal, journal.conflictsOf(address))));
        json.put("unexplained", unexplained(journal, about -> about.addresses().contains(address)));
        return json;
    }

    private static Map<String, Object> history(Journal journal, Coverage coverage, IpAddress address) {
        var story = Story.ofAddress(journal, address);
        var json = new LinkedHashMap<String, Object>();
        // What is known until then is as near to now as an answer can be.
        coverage.knownUntil().ifPresent(now -> json.put("now", whereabouts(journal, coverage, address, now)));
        json.put("address", address.value());
        json.put("found", !story.isEmpty());
        json.put("holdings", AuditJson.holdings(story.holdings()));
        json.put(
                "assignments",
                journal.assignmentsOf(address).stream()
                        .map(AuditJson::assignment)
                        .toList());
        json.putAll(AuditJson.overlaps(HeardLate.sort(journal, journal.conflictsOf(address))));
        json.put("unexplained", unexplained(journal, about -> about.addresses().contains(address)));
        json.put("story", AuditJson.told(story));
        return json;
    }

    @GET
    @Path("/audit/pods/{uid}")
    public Response pod(@PathParam("uid") String uid) {
        return uid.isBlank() ? blank("a pod's UID") : answer((journal, coverage) -> pod(journal, new PodUid(uid)));
    }

    /// A name can come back: every pod that had it is told, the latest first.
    @GET
    @Path("/audit/pods/{namespace}/{name}")
    public Response pod(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return answer((journal, coverage) -> {
            var pods = journal.podsNamed(new Subjects.PodName(namespace, name));
            var told = new ArrayList<Map<String, Object>>();
            pods.stream().limit(MOST_PODS).forEach(uid -> told.add(pod(journal, uid)));
            var json = new LinkedHashMap<String, Object>();
            json.put("namespace", namespace);
            json.put("name", name);
            json.put("found", !pods.isEmpty());
            json.put("count", pods.size());
            json.put("pods", told);
            return json;
        });
    }

    private static Map<String, Object> pod(Journal journal, PodUid uid) {
        var json = story(Story.ofPod(journal, uid), "podUid", uid.value());
        json.put("unexplained", unexplained(journal, about -> about.pod().equals(Optional.of(uid))));
        return json;
    }

    /// Records about this that contradict what the log knows: none, or an alarm.
    private static List<?> unexplained(Journal journal, Predicate<Subjects> about) {
        return AuditJson.entries(journal.unexplained().stream()
                .filter(entry -> about.test(entry.subjects()))
                .toList());
    }

    @GET
    @Path("/audit/nodes/{name}")
    public Response node(@PathParam("name") String name) {
        return name.isBlank()
                ? blank("a node's name")
                : answer((journal, coverage) -> node(journal, new NodeName(name)));
    }

    private static Map<String, Object> node(Journal journal, NodeName node) {
        var json = story(Story.ofNode(journal, node), "node", node.value());
        journal.contactOf(node)
                .ifPresent(contact -> json.put("toldUntil", contact.word().toString()));
        json.put("gaps", journal.gapsOf(node).stream().map(AuditJson::gap).toList());
        return json;
    }

    /// The live fold, not the projection: the whole of it with its digest, to be compared with a replay of the log.
    @GET
    @Path("/audit/nodes/{name}/state")
    public Response state(@PathParam("name") String name) {
        if (name.isBlank()) {
            return blank("a node's name");
        }
        try {
            var node = commands.node(new NodeName(name));
            if (node.state().incarnation().isEmpty()) {
                return problem(404, "not found", "no node " + name + " has registered in this log");
            }
            var position = node.position();
            var json = Json.object(
                    "name", node.name(),
                    "position",
                            Json.object(
                                    "partition", position.partition(),
                                    "sequence", position.sequence(),
                                    "epoch", position.epoch()),
                    "digest", StateDigest.of(node.state()),
                    "state", NodeJson.of(node.state()));
            return Response.ok(Json.text(json), MediaType.APPLICATION_JSON).build();
        } catch (LogUnavailable e) {
            return problem(503, "the log is not served here", e.getMessage());
        }
    }

    private static Map<String, Object> story(Story story, String kind, String subject) {
        var json = new LinkedHashMap<String, Object>();
        json.put(kind, subject);
        json.put("found", !story.isEmpty());
        json.put("holdings", AuditJson.holdings(story.holdings()));
        json.put("story", AuditJson.told(story));
        json.put("truncated", story.told().size() >= Journal.MOST_RECORDS);
        return json;
    }

    private Response answer(BiFunction<Journal, Coverage, Map<String, Object>> question) {
        if (audit.isUnsatisfied()) {
            return problem(503, "no audit", "this process was started without a projection of the ledger");
        }
        try {
            var answer = audit.get().ask(question);
            var json = new LinkedHashMap<>(answer.value());
            json.put("clockUncertainty", Clocks.UNCERTAINTY.toString());
            json.put("coverage", AuditJson.coverage(answer.coverage()));
            return Response.ok(Json.text(json), MediaType.APPLICATION_JSON).build();
        } catch (Audit.Unavailable e) {
            return problem(503, "the ledger's projection cannot be asked", e.getMessage());
        }
    }

    private static Response blank(String what) {
        return problem(400, "a name is missing", what + " is not blank; the path ends with it");
    }

    private static Response problem(int status, String title, String detail) {
        var response =
                Response.status(status).type(PROBLEM).entity(Json.text(AuditJson.problem(status, title, detail)));
        return status == 503 ? response.header("Retry-After", RETRY_SECONDS).build() : response.build();
    }
}
