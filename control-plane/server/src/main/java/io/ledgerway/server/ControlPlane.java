package io.ledgerway.server;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.axon.Partitions;
import io.ledgerway.server.ecs.EcsClient;
import io.ledgerway.server.ecs.EcsCloud;
import io.ledgerway.server.ecs.EcsConfiguration;
import io.ledgerway.server.grpc.AddTimes;
import io.ledgerway.server.grpc.KeepAlive;
import io.ledgerway.server.grpc.NodeApiListener;
import io.ledgerway.server.grpc.NodeApiSettings;
import io.ledgerway.server.http.Dependency;
import io.ledgerway.server.http.LogView;
import io.ledgerway.server.http.OperatorToken;
import io.ledgerway.server.http.PlainPort;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.metrics.Metrics;
import io.ledgerway.server.postgres.Database;
import io.ledgerway.server.postgres.PostgresAudit;
import io.ledgerway.server.postgres.Projection;
import io.ledgerway.server.run.Audit;
import io.ledgerway.server.run.Backoff;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.CommittedLog;
import io.ledgerway.server.run.Drains;
import io.ledgerway.server.run.HearingCommands;
import io.ledgerway.server.run.InstanceWatch;
import io.ledgerway.server.run.IntentRunner;
import io.ledgerway.server.run.Presence;
import io.ledgerway.server.run.StraySweep;
import io.ledgerway.server.run.Workers;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Wires the parts to each other; the only class that knows them all. Everything is made at the start, and what is not
/// reachable then is tried again in the background while readiness says so.
@Singleton
class ControlPlane {

    private static final InstantSource CLOCK = InstantSource.system();

    @Produces
    @Singleton
    Partitions partitions(Settings settings) {
        return Partitions.start(new Partitions.Configuration(
                new LogSettings(
                        settings.kafka().bootstrapServers(),
                        settings.log().topic(),
                        settings.log().replicationFactor(),
                        Map.of()),
                new ClusterId(settings.clusterId()),
                settings.log().partitions(),
                address(settings.nodeApi()),
                CLOCK));
    }

    void close(@Disposes Partitions partitions) {
        partitions.close();
    }

    private static String address(Settings.NodeApi api) {
        return api.advertised().orElse("localhost:" + api.port());
    }

    @Produces
    @Singleton
    @Typed(LogCommands.class)
    LogCommands logCommands(Partitions partitions, Metrics metrics) {
        return new LogCommands(
                partitions, event -> metrics.event(event.getClass().getSimpleName()));
    }

    void close(@Disposes LogCommands commands) {
        commands.close();
    }

    @Produces
    @Singleton
    Presence presence() {
        return new Presence(CLOCK, System::nanoTime);
    }

    @Produces
    @Singleton
    Commands commands(LogCommands log, Presence presence) {
        return new HearingCommands(log, presence);
    }

    @Produces
    @Singleton
    OperatorToken operatorToken(Settings settings) {
        var http = settings.http();
        return new OperatorToken(http.operatorToken(), new PlainPort(http.host(), http.tokenInPlain()));
    }

    @Produces
    @Singleton
    InstanceWatch instanceWatch(Commands commands, EcsCloud cloud, Presence presence, Settings settings) {
        var nodes = settings.nodes();
        return new InstanceWatch(
                commands,
                cloud,
                presence,
                new InstanceWatch.Rhythm(nodes.lookEvery(), nodes.lookAtSilentEvery(), nodes.evidenceApart()),
                new Drains.Cap(nodes.drainCap(), nodes.drainWindow()),
                new InstanceWatch.Surroundings(CLOCK, ControlPlane::newId, Workers.start("instance-watch")));
    }

    void close(@Disposes InstanceWatch watch) {
        watch.close();
    }

    @Produces
    @Singleton
    StraySweep straySweep(Commands commands, EcsCloud cloud, Settings settings, Metrics metrics) {
        return new StraySweep(
                commands,
                cloud,
                new StraySweep.Rhythm(
                        settings.ecs().sweepEvery(), settings.ecs().strayAfter()),
                new StrayCounts(metrics),
                new StraySweep.Surroundings(CLOCK, ControlPlane::newId, Workers.start("stray-sweep")));
    }

    void close(@Disposes StraySweep sweep) {
        sweep.close();
    }

    @Produces
    @Singleton
    NodeApiSettings nodeApi(Settings settings) {
        return new NodeApiSettings(
                new ClusterId(settings.clusterId()),
                Path.of(settings.nodeApi().clientCa().orElseThrow(() -> missing("node-api.client-ca"))),
                settings.nodeApi().deadline(),
                new KeepAlive.Rhythm(
                        settings.nodeApi().keepAlive(), settings.nodeApi().keepAliveTimeout()),
                CLOCK);
    }

    @Produces
    @Singleton
    NodeApiListener nodeApiListener(Settings settings) {
        return new NodeApiListener(settings.nodeApi().host());
    }

    private static IllegalArgumentException missing(String setting) {
        var variable = "LEDGERWAY_"
                + setting.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        return new IllegalArgumentException("ledgerway." + setting + " (" + variable + ") is not set");
    }

    @Produces
    @Singleton
    Metrics metrics(MeterRegistry registry) {
        return new Metrics(registry);
    }

    void close(@Disposes Metrics metrics) {
        metrics.close();
    }

    @Produces
    @Singleton
    AddTimes addTimes(Metrics metrics) {
        return new MeasuredAdds(metrics);
    }

    @Produces
    @Singleton
    EcsClient ecsClient(Settings settings) {
        var ecs = settings.ecs();
        return new EcsClient(new EcsConfiguration(
                ecs.region(),
                ecs.endpoint(),
                ecs.scheme().equals("https"),
                credentials(ecs),
                EcsConfiguration.CONNECT_TIMEOUT,
                ecs.timeout(),
                1,
                EcsConfiguration.RATE_WAIT));
    }

    void close(@Disposes EcsClient client) {
        client.close();
    }

    private static EcsConfiguration.Credentials credentials(Settings.Ecs ecs) {
        if (ecs.accessKeyId().isEmpty()) {
            return new EcsConfiguration.Credentials.DefaultChain();
        }
        var id = ecs.accessKeyId().get();
        var secret = ecs.accessKeySecret().orElseThrow(() -> missing("ecs.access-key-secret"));
        return ecs.securityToken()
                .<EcsConfiguration.Credentials>map(
                        token -> new EcsConfiguration.Credentials.SessionKey(id, secret, token))
                .orElseGet(() -> new EcsConfiguration.Credentials.AccessKey(id, secret));
    }

    @Produces
    @Singleton
    EcsCloud cloud(EcsClient client, Settings settings) {
        return new EcsCloud(client, new ClusterId(settings.clusterId()));
    }

    @Produces
    @Singleton
    IntentRunner runner(Commands commands, EcsCloud cloud, Settings settings, Metrics metrics) {
        return new IntentRunner(
                commands,
                cloud,
                pool(settings.pool()),
                new Backoff(
                        Backoff.DEFAULT.first(),
                        Backoff.DEFAULT.longest(),
                        settings.ecs().vSwitchRest(),
                        settings.ecs().refusalRest()),
                (intent, outcome, took) -> metrics.cloudCall(intent.kind(), result(outcome), took),
                new IntentRunner.Surroundings(
                        CLOCK,
                        (RandomGenerator) () -> ThreadLocalRandom.current().nextLong(),
                        ControlPlane::newId,
                        ControlPlane::pause,
                        Workers.start("intent-runner")));
    }

    void close(@Disposes IntentRunner runner) {
        runner.close();
    }

    private static CommandId newId() {
        return new CommandId(UUID.randomUUID().toString());
    }

    private static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    /// A replica that is told no vSwitches leaves the pools as the log has them.
    static Optional<PoolTarget> pool(Settings.Pool pool) {
        return pool.vSwitches()
                .map(vSwitches -> new PoolTarget(
                        pool.lowWatermark(),
                        pool.highWatermark(),
                        pool.offlineReserve(),
                        pool.batch(),
                        pool.coolDown(),
                        vSwitches.stream().map(VSwitchId::new).toList(),
                        pool.selection(),
                        pool.securityGroups().orElse(List.of()).stream()
                                .map(SecurityGroupId::new)
                                .toList()));
    }

    private static String result(CloudOutcome outcome) {
        return outcome instanceof CloudOutcome.Failed failed
                ? failed.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')
                : "ok";
    }

    @Produces
    @Singleton
    @Typed({LogView.class, Dependency.class, LogStatus.class})
    LogStatus logStatus(Partitions partitions, Settings settings) {
        return new LogStatus(partitions, settings.kafka().bootstrapServers(), CLOCK);
    }

    @Produces
    @Singleton
    Dependency ecsDependency(EcsCloud cloud, Settings settings) {
        return new EcsStatus(
                cloud, settings.ecs().endpoint().orElse("ecs." + settings.ecs().region()));
    }

    @Produces
    @Singleton
    Database database(Settings settings) {
        var postgres = settings.postgres();
        return Database.at(postgres.url(), postgres.user(), postgres.password().orElse(""));
    }

    void close(@Disposes Database database) {
        database.close();
    }

    @Produces
    @Singleton
    CommittedLog committedLog(Partitions partitions) {
        return new CommittedPartitions(partitions, "projection");
    }

    @Produces
    @Singleton
    Audit audit(CommittedLog log, Database database) {
        return new PostgresAudit(log, database, CLOCK);
    }

    @Produces
    @Singleton
    Projection projection(CommittedLog log, Database database) {
        return Projection.start(log, database);
    }

    void close(@Disposes Projection projection) {
        projection.close();
    }

    @Produces
    @Singleton
    Dependency postgresDependency(Projection projection, Settings settings) {
        return new PostgresStatus(projection, settings.postgres().url());
    }

    void start(
            @Observes StartupEvent started,
            IntentRunner runner,
            InstanceWatch instances,
            StraySweep strays,
            PoolLevels levels,
            LogStatus log,
            Projection projection,
            Metrics metrics,
            OperatorToken refusedNowIfAtAll,
            Settings settings) {
        log.measure(metrics);
        new PostgresStatus(projection, settings.postgres().url()).measure(metrics);
        levels.start();
        runner.start();
        instances.start();
        strays.start();
    }

    @Produces
    @Singleton
    PoolLevels poolLevels(Partitions partitions, InstanceWatch instances, Metrics metrics) {
        return new PoolLevels(partitions, instances, metrics);
    }

    void close(@Disposes PoolLevels levels) {
        levels.close();
    }
}
