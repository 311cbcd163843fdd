package io.ledgerway.simulator;

import io.ledgerway.simulator.cloud.Change;
import io.ledgerway.simulator.cloud.Cloud;
import io.ledgerway.simulator.cloud.CloudState;
import io.ledgerway.simulator.http.AdminServer;
import io.ledgerway.simulator.http.EcsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A running cloud: the model with a clock, its HTTP ports, its file, and a thread that completes what falls due.
public final class Simulator implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Simulator.class.getName());
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(200);

    private final SimulatorConfiguration configuration;
    private final InstantSource clock;
    private final Optional<StateFile> file;
    private final Cloud cloud;
    private final Thread settler;
    private final EcsServer ecs;
    private final AdminServer admin;
    private volatile boolean closed;

    private Simulator(SimulatorConfiguration configuration, Fabric fabric, InstantSource clock) throws IOException {
        this.configuration = configuration;
        this.clock = clock;
        var state = new CloudState();
        var storage = configuration.storage();
        this.file = storage.state().isPresent()
                ? Optional.of(StateFile.open(storage.state().get(), state))
                : Optional.empty();
        // After a restart the same seed must not give the same ids again.
        long seed = configuration.seed().orElseGet(() -> new SecureRandom().nextLong()) + state.sequence();
        Consumer<List<Change>> written = changes -> file.ifPresent(to -> to.append(changes));
        this.cloud = new Cloud(configuration.cloud(), state, clock, new SplittableRandom(seed), fabric, written);
        cloud.operate(operator -> {
            operator.replug();
            configuration.setup().createIn(operator);
            return null;
        });
        this.settler =
                Thread.ofPlatform().name("ecs-simulator-settler").daemon().unstarted(this::settle);
        var listen = configuration.listen();
        this.ecs = new EcsServer(
                new InetSocketAddress(listen.host(), listen.port()),
                cloud,
                configuration.accounts(),
                configuration.cloud().regionId(),
                clock,
                storage.requestLog(),
                () -> LockSupport.unpark(settler));
        this.admin = new AdminServer(new InetSocketAddress(listen.host(), listen.adminPort()), cloud, ecs);
        settler.start();
    }

    public static Simulator start(SimulatorConfiguration configuration, Fabric fabric) throws IOException {
        return start(configuration, fabric, Clock.systemUTC());
    }

    public static Simulator start(SimulatorConfiguration configuration, Fabric fabric, InstantSource clock)
            throws IOException {
        return new Simulator(configuration, fabric, clock);
    }

    /// Host and port of the ECS API, as an SDK wants its endpoint.
    public String endpoint() {
        return configuration.listen().host() + ":" + ecs.port();
    }

    public URI adminUri() {
        return URI.create("http://" + configuration.listen().host() + ":" + admin.port());
    }

    /// The model, for who shares the process.
    public Cloud cloud() {
        return cloud;
    }

    private void settle() {
        while (!closed) {
            try {
                cloud.settle();
                Duration rest = cloud.nextDue().map(this::until).orElse(LONGEST_REST);
                LockSupport.parkNanos(Math.max(1, rest.toNanos()));
            } catch (RuntimeException failed) {
                LOG.log(System.Logger.Level.ERROR, "could not complete what was due; tried again", failed);
                LockSupport.parkNanos(REST_AFTER_FAILURE.toNanos());
            }
        }
    }

    private Duration until(Instant due) {
        Duration left = Duration.between(clock.instant(), due);
        return left.compareTo(LONGEST_REST) < 0 ? left : LONGEST_REST;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(settler);
        ecs.close();
        admin.close();
        try {
            settler.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        file.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException failed) {
                LOG.log(System.Logger.Level.WARNING, "could not close the state file", failed);
            }
        });
    }
}
