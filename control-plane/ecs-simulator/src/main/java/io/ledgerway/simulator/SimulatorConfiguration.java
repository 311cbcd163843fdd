package io.ledgerway.simulator;

import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Latencies;
import io.ledgerway.simulator.cloud.Quirks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// All that a simulator is told.
///
/// @param seed of ids and latencies; absent for another one at each start
public record SimulatorConfiguration(
        Listen listen, List<Account> accounts, CloudSettings cloud, Storage storage, Optional<Long> seed, Setup setup) {

    /// @param host loopback unless the clients are elsewhere, as in containers
    /// @param port 0 for a free one
    public record Listen(String host, int port, int adminPort) {
        public static final String LOOPBACK = "127.0.0.1";

        public Listen {
            host = host == null ? LOOPBACK : host;
        }
    }

    /// @param state where the cloud is kept over restarts; absent: it ends with the process
    /// @param requestLog where requests are written as JSON lines; absent: only the last ones are kept, in memory
    public record Storage(Optional<Path> state, Optional<Path> requestLog) {
        public Storage {
            state = state == null ? Optional.empty() : state;
            requestLog = requestLog == null ? Optional.empty() : requestLog;
        }
    }

    public SimulatorConfiguration {
        listen = listen == null ? new Listen(null, 0, 0) : listen;
        accounts = accounts == null ? List.of() : List.copyOf(accounts);
        cloud = cloud == null ? CloudSettings.of("cn-hangzhou", Latencies.realistic(1)) : cloud;
        storage = storage == null ? new Storage(null, null) : storage;
        seed = seed == null ? Optional.empty() : seed;
        setup = setup == null ? Setup.empty() : setup;
    }

    /// On free ports, with one caller.
    public static SimulatorConfiguration local(String accessKeyId, String accessKeySecret, CloudSettings cloud) {
        return new SimulatorConfiguration(
                null, List.of(Account.of(accessKeyId, accessKeySecret)), cloud, null, null, null);
    }

    public SimulatorConfiguration with(Listen changed) {
        return new SimulatorConfiguration(changed, accounts, cloud, storage, seed, setup);
    }

    public SimulatorConfiguration with(List<Account> changed) {
        return new SimulatorConfiguration(listen, changed, cloud, storage, seed, setup);
    }

    public SimulatorConfiguration with(CloudSettings changed) {
        return new SimulatorConfiguration(listen, accounts, changed, storage, seed, setup);
    }

    public SimulatorConfiguration with(Quirks changed) {
        return with(new CloudSettings(
                cloud.regionId(),
                cloud.latencies(),
                changed,
                cloud.throttleFactor(),
                cloud.tokenLife(),
                cloud.interfaceQuota()));
    }

    public SimulatorConfiguration withThrottle(double factor) {
        return with(new CloudSettings(
                cloud.regionId(),
                cloud.latencies(),
                cloud.quirks(),
                factor,
                cloud.tokenLife(),
                cloud.interfaceQuota()));
    }

    public SimulatorConfiguration withTokenLife(Duration life) {
        return with(new CloudSettings(
                cloud.regionId(),
                cloud.latencies(),
                cloud.quirks(),
                cloud.throttleFactor(),
                life,
                cloud.interfaceQuota()));
    }

    public SimulatorConfiguration with(Storage changed) {
        return new SimulatorConfiguration(listen, accounts, cloud, changed, seed, setup);
    }

    public SimulatorConfiguration with(Setup changed) {
        return new SimulatorConfiguration(listen, accounts, cloud, storage, seed, changed);
    }

    public SimulatorConfiguration withSeed(long changed) {
        return new SimulatorConfiguration(listen, accounts, cloud, storage, Optional.of(changed), setup);
    }
}
