package io.ledgerway.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.ledgerway.simulator.Setup.InstanceSetup;
import io.ledgerway.simulator.Setup.SecurityGroupSetup;
import io.ledgerway.simulator.Setup.VSwitchSetup;
import io.ledgerway.simulator.SimulatorConfiguration.Listen;
import io.ledgerway.simulator.SimulatorConfiguration.Storage;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// The simulator as a process of its own. It prints one JSON line with its addresses when it serves, and ends on
/// SIGTERM.
public final class SimulatorMain {
    private static final int MISUSED = 2;
    private static final String HELP = """
            The ECS simulator: Alibaba Cloud's ECS API for network interfaces, against a model.

              --config FILE            all settings as JSON; the flags below change it
              --host ADDRESS           address to listen on (127.0.0.1)
              --port N                 of the ECS API (0: a free one)
              --admin-port N           of the operator's API (0: a free one)
              --access-key ID:SECRET   a caller; may be repeated
              --region ID              (cn-hangzhou)
              --time-scale X           1: as slow as the cloud is thought to be; 0: at once (1)
              --throttle X             factor on the usual calls per minute; 0: no limit (1)
              --seed N                 of ids and latencies
              --state FILE             keeps the cloud over restarts
              --request-log FILE       requests as JSON lines
              --vswitch ID,VPC,ZONE,CIDR             may be repeated
              --security-group ID,VPC                may be repeated
              --instance ID,TYPE,VSWITCH,GROUP       may be repeated

            Example:
              --access-key ak:sk --time-scale 0.1 --vswitch vsw-a,vpc-1,cn-hangzhou-h,10.1.0.0/24 \\
              --security-group sg-1,vpc-1 --instance i-1,ecs.g7.xlarge,vsw-a,sg-1
            """;

    private SimulatorMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        SimulatorConfiguration configuration;
        try {
            configuration = configuration(arguments);
        } catch (IllegalArgumentException | JsonProcessingException wrong) {
            System.err.println(wrong.getMessage() + "\n\n" + HELP);
            System.exit(MISUSED);
            return;
        }
        var simulator = Simulator.start(configuration, Fabric.none());
        var addresses = new LinkedHashMap<String, Object>();
        addresses.put("endpoint", simulator.endpoint());
        addresses.put("admin", simulator.adminUri().toString());
        System.out.println(Json.mapper().writeValueAsString(Map.of("serving", addresses)));
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close));
        new CountDownLatch(1).await();
    }

    public static SimulatorConfiguration configuration(String[] arguments) throws IOException {
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "each flag has one value; left alone: " + arguments[arguments.length - 1]);
        }
        var configuration = new SimulatorConfiguration(null, null, null, null, null, null);
        for (int i = 0; i < arguments.length; i += 2) {
            if (arguments[i].equals("--config")) {
                String text = Files.readString(Path.of(arguments[i + 1]));
                configuration = Json.mapper().readValue(text, SimulatorConfiguration.class);
            }
        }
        for (int i = 0; i < arguments.length; i += 2) {
            configuration = changed(configuration, arguments[i], arguments[i + 1]);
        }
        return configuration;
    }

    private static SimulatorConfiguration changed(SimulatorConfiguration c, String flag, String value) {
        Listen listen = c.listen();
        return switch (flag) {
            case "--config" -> c;
            case "--host" -> c.with(new Listen(value, listen.port(), listen.adminPort()));
            case "--port" -> c.with(new Listen(listen.host(), Integer.parseInt(value), listen.adminPort()));
            case "--admin-port" -> c.with(new Listen(listen.host(), listen.port(), Integer.parseInt(value)));
            case "--access-key" -> {
                String[] parts = parts(flag, value, ":", 2);
                var accounts = new ArrayList<>(c.accounts());
                accounts.add(Account.of(parts[0], parts[1]));
                yield c.with(accounts);
            }
            case "--region" -> c.with(cloud(c, value, c.cloud().latencies()));
            case "--time-scale" ->
                c.with(cloud(c, c.cloud().regionId(), c.cloud().latencies().scaledBy(Double.parseDouble(value))));
            case "--throttle" -> c.withThrottle(Double.parseDouble(value));
            case "--seed" -> c.withSeed(Long.parseLong(value));
            case "--state" ->
                c.with(new Storage(Optional.of(Path.of(value)), c.storage().requestLog()));
            case "--request-log" -> c.with(new Storage(c.storage().state(), Optional.of(Path.of(value))));
            case "--vswitch" -> {
                String[] p = parts(flag, value, ",", 4);
                yield c.with(c.setup().with(new VSwitchSetup(p[0], p[1], p[2], p[3])));
            }
            case "--security-group" -> {
                String[] p = parts(flag, value, ",", 2);
                yield c.with(c.setup().with(new SecurityGroupSetup(p[0], p[1])));
            }
            case "--instance" -> {
                String[] p = parts(flag, value, ",", 4);
                yield c.with(c.setup().with(new InstanceSetup(p[0], p[0], p[1], p[2], List.of(p[3]), null)));
            }
            default -> throw new IllegalArgumentException("unknown flag " + flag);
        };
    }

    private static CloudSettings cloud(SimulatorConfiguration c, String region, Latencies latencies) {
        var cloud = c.cloud();
        return new CloudSettings(
                region, latencies, cloud.quirks(), cloud.throttleFactor(), cloud.tokenLife(), cloud.interfaceQuota());
    }

    private static String[] parts(String flag, String value, String separator, int count) {
        String[] parts = value.split(separator, -1);
        if (parts.length != count) {
            throw new IllegalArgumentException(flag + " wants " + count + " parts, not '" + value + "'");
        }
        return parts;
    }
}
