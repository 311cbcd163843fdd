package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.demo.step.AddPods;
import io.ledgerway.simulation.demo.step.BadInput;
import io.ledgerway.simulation.demo.step.ExchangePods;
import io.ledgerway.simulation.demo.step.KillAndRestart;
import io.ledgerway.simulation.demo.step.LogAway;
import io.ledgerway.simulation.demo.step.NothingAmiss;
import io.ledgerway.simulation.demo.step.PingEveryone;
import io.ledgerway.simulation.demo.step.PostgresAway;
import io.ledgerway.simulation.demo.step.PrintHolders;
import io.ledgerway.simulation.demo.step.StartAlone;
import io.ledgerway.simulation.demo.step.TcpBetweenNodes;
import io.ledgerway.simulation.demo.step.TellAStory;
import io.ledgerway.simulation.demo.step.WhoHadAnAddress;
import io.ledgerway.simulation.demo.step.WorkAgain;
import io.ledgerway.simulation.demo.step.WrongCertificates;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

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

    private static List<Step> script(boolean faults) {
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
                new WorkAgain()));
        if (faults) {
            script.addAll(List.of(
                    new BadInput(), new WrongCertificates(), new PostgresAway(), new LogAway(), new StartAlone()));
        }
        script.addAll(List.of(new PingEveryone("in the end"), new NothingAmiss()));
        return script;
    }

    /// Runs all steps; one that cannot go on ends the demo, and is a check that did not hold.
    ///
    /// @param keep whether everything is left running afterwards, and its addresses printed
    /// @param faults whether it also gets what is wrong, and loses what it rests on
    public Report run(boolean keep, boolean faults) {
        var checks = new Checks();
        var figures = new ArrayList<Figure>();
        try (var stage = new Stage(settings)) {
            var title = "starting the cloud, the control plane and the nodes";
            try {
                progress.step(title);
                var scene = start(stage, checks, figures);
                for (var step : script(faults)) {
                    title = step.title();
                    progress.step(title);
                    step.run(scene);
                }
            } catch (RuntimeException e) {
                checks.add(title, false, "could not go on: " + e.getMessage());
            }
            progress.clear();
            if (keep) {
                stage.keep();
                out.println("Left running. REST: " + stage.api() + "  cloud, operator's side: " + stage.cloudAdmin()
                        + "  CNI socket of node-1: "
                        + stage.nodes().get("node-1").socket());
            } else {
                progress.step("stopping everything");
            }
        }
        progress.clear();
        return new Report(checks.all(), figures);
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
        return new Scene(
                settings.box(), stage, sandboxes, new RestControlPlane(stage::ask), checks, figures, progress, out);
    }
}
