package io.ledgerway.simulation.demo;

import java.util.List;

/// Kafka or PostgreSQL: the launcher has started it and will stop it, and in between it may be killed and started.
public final class Service {

    private final String name;
    private final List<String> command;
    private final Processes processes;

    Service(String name, List<String> command, Processes processes) {
        this.name = name;
        this.command = command;
        this.processes = processes;
    }

    /// SIGKILL.
    public void kill() {
        if (command.isEmpty()) {
            throw new IllegalStateException("the launcher has not said how " + name + " is started, so it stays");
        }
        processes.killWhole(processes.launched(name));
    }

    /// SIGSTOP.
    public void pause() {
        processes.pause(processes.launched(name));
    }

    /// SIGCONT.
    public void resume() {
        processes.resume(processes.launched(name));
    }

    /// Starts it without waiting for it.
    public void start() {
        processes.relaunch(name, command);
    }
}
