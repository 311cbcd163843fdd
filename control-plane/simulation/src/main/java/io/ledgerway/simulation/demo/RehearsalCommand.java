package io.ledgerway.simulation.demo;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `rehearse`: everything does its usual work once, and stops in order. The launcher runs it after a build, while each
/// JVM notes what it loads, so that later starts need not find that out again.
@Command(
        name = "rehearse",
        description = "Lets everything do its usual work once; the launcher runs it after a build.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class RehearsalCommand implements Callable<Integer> {

    @Mixin
    private StageOptions stage;

    @Override
    public Integer call() {
        new Rehearsal(stage.settings()).run();
        return 0;
    }
}
