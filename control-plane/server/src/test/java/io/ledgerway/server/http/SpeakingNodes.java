package io.ledgerway.server.http;

import static io.ledgerway.server.http.Rest.ok;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.simulator.cloud.Operator;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;

/// A control plane with everything real: Kafka, the cloud over HTTP through its SDK, REST. The nodes are the test,
/// which says what an executor would.
abstract class SpeakingNodes {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Inject
    Commands commands;

    @BeforeEach
    void ready() {
        Eventually.eventually(
                "readiness",
                () -> Rest.ask("/q/health/ready").statusCode() == 200,
                () -> Rest.ask("/q/health/ready").body());
    }

    /// What an executor is to the log.
    final class Executor {
        final Incarnation incarnation;
        final JournalId journal;
        private long sequence;

        Executor(String node, String instance) {
            incarnation =
                    new Incarnation(new ClusterId(Surroundings.CLUSTER), new NodeName(node), new InstanceId(instance));
            journal = new JournalId("journal-of-" + instance);
        }

        NodeAnswer register() {
            return register("run-1");
        }

        NodeAnswer register(String run) {
            return tell(new NodeCommand.RegisterNode(
                    header(),
                    incarnation,
                    Optional.of(new JournalMark(journal, sequence)),
                    new BootId("boot-of-" + incarnation.instance()),
                    run,
                    "0.1"));
        }

        NodeAnswer drain(JournalFact fact) {
            return tell(new NodeCommand.DrainJournal(
                    header(), incarnation, journal, List.of(new Journalled(++sequence, Instant.now(), fact))));
        }

        Node node() {
            return commands.node(incarnation.node()).state();
        }

        void until(String what, Predicate<Node> condition) {
            Eventually.eventually(what, () -> condition.test(node()), this::node);
        }

        /// A running pod, once there is an idle address.
        PodRequest add(String pod) {
            var request = new PodRequest(
                    new AttachmentId(new PodUid(pod), "eth0"),
                    new SandboxId("sandbox-" + pod),
                    "default",
                    pod,
                    PodRequest.Dns.NONE);
            until(
                    "an address for " + pod,
                    node -> firstIdle(node)
                            .map(candidate -> tell(new NodeCommand.AllocateIp(
                                    header(), incarnation, mark(), request, Optional.of(candidate))))
                            .filter(NodeAnswer.Granted.class::isInstance)
                            .isPresent());
            return request;
        }

        private Optional<JournalMark> mark() {
            return Optional.of(new JournalMark(journal, sequence));
        }

        void remove(PodRequest pod) {
            tell(new NodeCommand.ReleaseIp(header(), incarnation, mark(), pod.attachment(), pod.sandbox()));
            tell(new NodeCommand.ReportEndpointRemoved(header(), incarnation, mark(), pod.attachment(), pod.sandbox()));
        }

        /// Confirms whatever is wished back, as the executor's journal does.
        void confirmWishes() {
            var wishes = new LinkedHashMap<io.ledgerway.domain.Ids.WishId, List<IpAddress>>();
            node().addresses().forEach((ip, address) -> {
                if (address instanceof Address.Withdrawing wished) {
                    wishes.computeIfAbsent(wished.wish(), wish -> new ArrayList<>())
                            .add(ip);
                }
            });
            wishes.forEach((wish, ips) -> drain(new JournalFact.WithdrawalConfirmed(wish, ips)));
        }
    }

    static Optional<Allocation> firstIdle(Node node) {
        return node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .map(entry -> new Allocation.SharedEni(entry.getValue().eni(), List.of(entry.getKey())));
    }

    static Header header() {
        return new Header(new CommandId(UUID.randomUUID().toString()), Instant.now(), "test");
    }

    NodeAnswer tell(NodeCommand command) {
        try {
            return commands.execute(command).get(30, TimeUnit.SECONDS).answer();
        } catch (Exception e) {
            throw new IllegalStateException(command + " failed", e);
        }
    }

    static void operate(Consumer<Operator> work) {
        Surroundings.running().cloud().cloud().operate(operator -> {
            work.accept(operator);
            return null;
        });
    }

    Executor executor(String node, String instance) {
        operate(operator -> operator.createInstance(
                instance, instance, "ecs.g7.xlarge", "vsw-a", List.of("sg-1"), Optional.empty()));
        return new Executor(node, instance);
    }

    Executor serving(String node, String instance) {
        var executor = executor(node, instance);
        assertInstanceOf(NodeAnswer.Done.class, executor.register());
        executor.until(
                "idle addresses", state -> state.idle() >= 3 && state.intents().isEmpty());
        return executor;
    }

    /// What the cloud has of ours: ENI to its secondary addresses.
    static Map<String, List<String>> secondaryEnis(Predicate<JsonNode> which) {
        var inventory =
                MAPPER.valueToTree(Surroundings.running().cloud().cloud().operate(Operator::inventory));
        var found = new LinkedHashMap<String, List<String>>();
        for (var eni : inventory.path("networkInterfaces")) {
            if (eni.path("type").asText().equals("Secondary") && which.test(eni)) {
                var addresses = new ArrayList<String>();
                eni.path("addresses").forEach(ip -> addresses.add(ip.asText()));
                addresses.remove(eni.path("primaryAddress").asText());
                found.put(eni.path("id").asText(), addresses);
            }
        }
        return found;
    }

    static Map<String, List<String>> enisOf(String instance) {
        return secondaryEnis(eni -> eni.path("instanceId").asText().equals(instance));
    }

    static JsonNode shown(String node) {
        return ok("/v1/nodes/" + node);
    }
}
