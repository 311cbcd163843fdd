package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.server.run.Instances;
import io.ledgerway.simulation.seeded.rule.Rule;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Hands what happens to every rule.
final class Checks {

    private final Rule[] rules;

    Checks(List<Rule> rules) {
        this.rules = rules.toArray(Rule[]::new);
    }

    void linkBegan(Host host, Links.Link link) {
        for (var rule : rules) {
            rule.linkBegan(host, link);
        }
    }

    void linkEnded(Host host, Links.Link link) {
        for (var rule : rules) {
            rule.linkEnded(host, link);
        }
    }

    void appending(ClusterLog.Entry entry, NodeEvent event, Node before) {
        for (var rule : rules) {
            rule.appending(entry, event, before);
        }
    }

    void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        for (var rule : rules) {
            rule.appended(entry, event, before, after);
        }
    }

    void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        for (var rule : rules) {
            rule.decided(command, before, decision);
        }
    }

    void confirmed(NodeCommand command, Reply reply) {
        for (var rule : rules) {
            rule.confirmed(command, reply);
        }
    }

    void told(Process by, NodeCommand command) {
        for (var rule : rules) {
            rule.told(by, command);
        }
    }

    void heard(Process by, NodeCommand command, Reply reply, long arrivedNanos) {
        for (var rule : rules) {
            rule.heard(by, command, reply, arrivedNanos);
        }
    }

    void looked(Process by, InstanceId instance, Optional<Instances.State> shown, long askedNanos, long answeredNanos) {
        for (var rule : rules) {
            rule.looked(by, instance, shown, askedNanos, answeredNanos);
        }
    }

    void refused(Host host, PodCall call, String why) {
        for (var rule : rules) {
            rule.refused(host, call, why);
        }
    }

    void destroyed(String action, String eni, Instant signedAt, Instant now) {
        for (var rule : rules) {
            rule.destroyed(action, eni, signedAt, now);
        }
    }

    void interfaceChanged(Optional<NetworkInterface> before, Optional<NetworkInterface> after) {
        for (var rule : rules) {
            rule.interfaceChanged(before, after);
        }
    }

    void attempted(CloudIntent intent, CloudOutcome outcome) {
        for (var rule : rules) {
            rule.attempted(intent, outcome);
        }
    }

    void believed(Process executor, long epoch) {
        for (var rule : rules) {
            rule.believed(executor, epoch);
        }
    }

    void executorStarted(Host host, Optional<NodeState> onDisk, NodeState known) {
        for (var rule : rules) {
            rule.executorStarted(host, onDisk, known);
        }
    }

    void asked(Process executor, NodeCommand command) {
        for (var rule : rules) {
            rule.asked(executor, command);
        }
    }

    void answered(Process executor, NodeCommand command, Reply reply) {
        for (var rule : rules) {
            rule.answered(executor, command, reply);
        }
    }

    void unanswered(Process executor, NodeCommand command) {
        for (var rule : rules) {
            rule.unanswered(executor, command);
        }
    }

    void added(Host host, PodCall call, EndpointResult result) {
        for (var rule : rules) {
            rule.added(host, call, result);
        }
    }

    void deleted(Host host, AttachmentId attachment, SandboxId sandbox) {
        for (var rule : rules) {
            rule.deleted(host, attachment, sandbox);
        }
    }

    void ended() {
        for (var rule : rules) {
            rule.ended();
        }
    }
}
