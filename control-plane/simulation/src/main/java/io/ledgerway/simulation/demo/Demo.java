package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.demo.step.AddPods;
import io.ledgerway.simulation.demo.step.AddressStory;
import io.ledgerway.simulation.demo.step.BadInput;
import io.ledgerway.simulation.demo.step.Chaos;
import io.ledgerway.simulation.demo.step.ClockJumps;
import io.ledgerway.simulation.demo.step.DamagedJournal;
import io.ledgerway.simulation.demo.step.DiskTrouble;
import io.ledgerway.simulation.demo.step.DrainInterrupted;
import io.ledgerway.simulation.demo.step.ExchangePods;
import io.ledgerway.simulation.demo.step.ForeignDisk;
import io.ledgerway.simulation.demo.step.GiveBack;
import io.ledgerway.simulation.demo.step.KafkaAway;
import io.ledgerway.simulation.demo.step.KillAndRestart;
import io.ledgerway.simulation.demo.step.NothingAmiss;
import io.ledgerway.simulation.demo.step.NothingLost;
import io.ledgerway.simulation.demo.step.PausedOwner;
import io.ledgerway.simulation.demo.step.PingEveryone;
import io.ledgerway.simulation.demo.step.PostgresAway;
import io.ledgerway.simulation.demo.step.PrintHolders;
import io.ledgerway.simulation.demo.step.ReadOnlyDisk;
import io.ledgerway.simulation.demo.step.ReplaceNode;
import io.ledgerway.simulation.demo.step.StartAlone;
import io.ledgerway.simulation.demo.step.TcpBetweenNodes;
import io.ledgerway.simulation.demo.step.TellAStory;
import io.ledgerway.simulation.demo.step.WhoHadAnAddress;
import io.ledgerway.simulation.demo.step.WorkAgain;
import io.ledgerway.simulation.demo.step.WorkAlone;
import io.ledgerway.simulation.demo.step.WrongCertificates;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The whole product at work on real parts, step by step, each claim checked.
public final class Demo {

    private final DemoSettings settings;
    private final Progress progress;
    private final PrintStream out;

    public Demo(DemoSettings settings, Progress progress, PrintStream out) {
        this.settings = settings;
        this.progress = progress;
        this.out = out;
    }

    /// What is shown.
    ///
    /// @param faults whether it also gets what is wrong, and loses what it rests on
    /// @param outage nothing but an outage of that length under churn
    /// @param chaos nothing but killing and stopping at random for that time, by the seed
    public record Programme(boolean faults, Optional<Duration> outage, Optional<Chaos> chaos) {}

    private static final Churn.Pace BRISK = new Churn.Pace(5, 3);
    private static final Duration A_MOMENT = Duration.ofSeconds(5);
    private static final Duration A_WHILE = Duration.ofSeconds(10);
    private static final Duration A_MINUTE = Duration.ofSeconds(60);

    private static List<Step> script(Programme programme) {
        if (programme.outage().isPresent() || programme.chaos().isPresent()) {
            var script = new ArrayList<Step>(List.of(new AddPods()));
            programme.outage().ifPresent(lasting -> script.add(new WorkAlone(Absence.KAFKA_KILLED, lasting, BRISK)));
            programme.chaos().ifPresent(script::add);
            script.addAll(List.of(new PingEveryone("in the end"), new NothingLost(), new NothingAmiss()));
            return script;
        }
        var exchange = new ExchangePods();
        var script = new ArrayList<Step>(List.of(
                new AddPods(),
                new PingEveryone("at first"),
                new TcpBetweenNodes(),
                new PrintHolders(),
                exchange,
                new WhoHadAnAddress(exchange),
                new TellAStory(),
                new KillAndRestart(),
                new WorkAgain(),
                new KafkaAway()));
        if (programme.faults()) {
            script.addAll(faults());
        } else {
            script.add(new WorkAlone(Absence.CONTROL_PLANE_KILLED, A_MOMENT, BRISK));
        }
        script.addAll(List.of(
                new ReplaceNode(),
                new GiveBack(),
                new AddressStory(),
                new PingEveryone("in the end"),
                new NothingLost(),
                new NothingAmiss()));
        return script;
    }

    private static List<Step> faults() {
        return List.of(
                new WorkAlone(Absence.CONTROL_PLANE_KILLED, A_WHILE, BRISK),
                // Longer than every time-out there is between an executor, the control plane and Kafka.
                new WorkAlone(Absence.CONTROL_PLANE_SILENT, A_MINUTE, BRISK),
                new WorkAlone(Absence.KAFKA_SILENT, A_WHILE, BRISK),
                new DrainInterrupted(),
                new PausedOwner(),
                new DiskTrouble(),
                new ReadOnlyDisk(),
                new DamagedJournal(),
                new ForeignDisk(),
                new ClockJumps(),
                new BadInput(),
                new WrongCertificates(),
                new PostgresAway(),
                new StartAlone());
    }

    /// Runs all steps; one that cannot go on ends the demo, and is a check that did not hold.
    ///
    /// @param keep whether everything is left running afterwards, and its addresses printed
    public Report run(boolean keep, Programme programme) {
        var checks = new Checks();
        var figures = new ArrayList<Figure>();
        var steps = new Timed(progress);
        try (var stage = new Stage(settings)) {
            try {
                steps.begin("starting the cloud, the control plane and the nodes");
                var scene = start(stage, checks, figures);
                for (var step : script(programme)) {
                    steps.begin(step.title());
                    step.run(scene);
                }
            } catch (RuntimeException e) {
                checks.add(steps.title(), false, "could not go on: " + e.getMessage());
            }
            steps.end();
            progress.clear();
            if (keep) {
                stage.keep();
                out.println("Left running. REST: " + stage.api() + "  cloud, operator's side: " + stage.cloudAdmin()
                        + "  CNI socket of node-1: "
                        + stage.nodes().get("node-1").socket());
            } else {
                steps.begin("stopping everything");
            }
        }
        steps.end();
        progress.clear();
        return new Report(checks.all(), figures, steps.took());
    }

    private Scene start(Stage stage, Checks checks, List<Figure> figures) {
        stage.startCloud();
        stage.startControlPlane();
        stage.describeNodes();
        stage.awaitControlPlane();
        stage.nodes().values().forEach(Node::startExecutor);
        stage.nodes().values().forEach(Node::awaitExecutor);
        stage.awaitRegistration();
        var sandboxes = new Sandboxes(settings.box(), new CniPlugin(settings.plugin()), stage.nodes());
        return new Scene(settings.box(), stage, sandboxes, stage.questions(), checks, figures, progress, out);
    }
}
