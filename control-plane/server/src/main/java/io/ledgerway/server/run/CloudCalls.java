package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.Outstanding;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.server.run.NodeWork.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// What is asked of the cloud for a node now that its time has come, and told to the log when it has answered.
final class CloudCalls {

    /// The cloud serialises more than these on one instance with errors.
    static final int MOST_ATTACHES_PER_INSTANCE = 5;

    private static final Logger LOG = Logger.getLogger(CloudCalls.class);

    private final Cloud cloud;
    private final NodeTasks tasks;
    private final Workers workers;
    private final Duration restAfterAFailure;
    private final IntentRunner.Watcher watcher;
    private final CloudAttempt attempt;

    CloudCalls(
            Cloud cloud,
            NodeTasks tasks,
            IntentRunner.Surroundings around,
            Backoff backoff,
            IntentRunner.Watcher watcher) {
        this.cloud = cloud;
        this.tasks = tasks;
        this.workers = around.workers();
        this.restAfterAFailure = backoff.longest();
        this.watcher = watcher;
        this.attempt = new CloudAttempt(cloud, around.clock(), around.pause(), backoff, around.random());
    }

    /// One attempt at the intent, unless one is on its way, or too many like it are.
    void attempt(NodeName name, PendingIntent pending) {
        var work = tasks.of(name);
        boolean attach = pending.intent() instanceof CloudIntent.AttachEni;
        if (attach && work.attaching() >= MOST_ATTACHES_PER_INSTANCE) {
            return;
        }
        var task = new Task.Attempt(pending.intent().id(), attach);
        if (work.begins(task)) {
            tasks.inBackground(name, task, () -> {
                long began = workers.nanoTime();
                var result = attempt.perform(pending);
                watcher.attempted(pending.intent(), result.outcome(), Duration.ofNanos(workers.nanoTime() - began));
                report(name, pending, result.outcome());
                tasks.tell(
                        name,
                        task,
                        new NodeCommand.RecordCloudOutcome(
                                tasks.header(
                                        Optional.of(correlation(pending.intent().id())), result.requestId()),
                                name,
                                pending.intent().id(),
                                result.outcome(),
                                Optional.of(pending.intent())));
            });
        }
    }

    /// Whether the ENI still holds what a late call could have taken away.
    void lookAtGuarded(NodeName name, Outstanding.GuardEnds guard) {
        var task = new Task.Guard(guard.eni());
        if (!tasks.of(name).begins(task)) {
            return;
        }
        tasks.inBackground(name, task, () -> {
            switch (cloud.describeEni(guard.eni())) {
                case Cloud.Answer.Ok<Optional<Cloud.EniSeen>> ok -> {
                    var there = ok.value().map(Cloud.EniSeen::addresses).orElse(List.of());
                    var gone = new ArrayList<>(guard.addresses());
                    gone.removeAll(there);
                    var kept = new ArrayList<>(guard.addresses());
                    kept.removeAll(gone);
                    tasks.tell(name, task, new NodeCommand.EndCooling(tasks.header(), name, kept, gone));
                }
                case Cloud.Answer.No<Optional<Cloud.EniSeen>> no -> {
                    LOG.warnf(
                            "node %s: whether ENI %s still holds %s is not known: %s: %s",
                            name, guard.eni(), guard.addresses(), no.code(), no.message());
                    tasks.forgetIn(name, task, restAfterAFailure);
                }
            }
        });
    }

    private static void report(NodeName name, PendingIntent pending, CloudOutcome outcome) {
        if (outcome instanceof CloudOutcome.Failed failed) {
            LOG.warnf(
                    "node %s: attempt %d at %s failed: %s %s: %s; next after %d ms",
                    name,
                    pending.attempt(),
                    pending.intent(),
                    failed.kind(),
                    failed.code(),
                    failed.message(),
                    failed.retryAfter().toMillis());
        } else {
            LOG.infof("node %s: %s -> %s", name, pending.intent(), outcome);
        }
    }

    /// An intent is named after the command that decided it, and that command's trace goes on in the outcome.
    private static String correlation(IntentId intent) {
        int dot = intent.value().lastIndexOf('.');
        return dot > 0 ? intent.value().substring(0, dot) : intent.value();
    }
}
