package io.ledgerway.simulation.cloud;

import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.VpcInABox;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorConfiguration;
import io.ledgerway.simulator.SimulatorMain;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// The simulated cloud whole: the ECS API over HTTP and, behind it, a VPC made of network namespaces into which an
/// attached ENI is really plugged.
public final class CloudInABox implements AutoCloseable {
    private static final String BOX = "--box";

    private final VpcInABox vpc;
    private final Simulator simulator;

    private CloudInABox(VpcInABox vpc, Simulator simulator) {
        this.vpc = vpc;
        this.simulator = simulator;
    }

    /// What a killed cloud of the same id left is removed first, its instances and what runs on them included.
    public static CloudInABox start(BoxId id, SimulatorConfiguration configuration) throws IOException {
        VpcInABox vpc = VpcInABox.open(id);
        try {
            return new CloudInABox(vpc, Simulator.start(configuration, vpc));
        } catch (IOException | RuntimeException e) {
            vpc.close();
            throw e;
        }
    }

    public Simulator simulator() {
        return simulator;
    }

    public VpcInABox vpc() {
        return vpc;
    }

    @Override
    public void close() {
        simulator.close();
        vpc.close();
    }

    /// Arguments: `--box ID` and then those of the simulator. Prints one line when ready, stops on SIGTERM.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2 || !arguments[0].equals(BOX)) {
            throw new IllegalArgumentException("expected --box ID and the simulator's flags");
        }
        var rest = Arrays.copyOfRange(arguments, 2, arguments.length);
        CloudInABox cloud = start(new BoxId(arguments[1]), SimulatorMain.configuration(rest));
        Runtime.getRuntime().addShutdownHook(new Thread(cloud::close, "stop-cloud"));
        System.out.println("ready " + cloud.simulator().endpoint() + " admin "
                + cloud.simulator().adminUri());
        new CountDownLatch(1).await();
    }
}
