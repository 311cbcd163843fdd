package io.ledgerway.simulation.demo;

import java.io.PrintStream;
import java.time.Duration;

/// One line that says what is being done, rewritten on a terminal, a line per step elsewhere.
public final class Progress {

    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean rewrites;
    private final long started = System.nanoTime();
    private String step = "";

    public Progress(PrintStream out, boolean rewrites) {
        this.out = out;
        this.rewrites = rewrites;
    }

    public synchronized void step(String title) {
        step = title;
        show(title, true);
    }

    /// How far the step is.
    public synchronized void at(int done, int all) {
        show(step + " " + done + "/" + all, false);
    }

    /// Makes room for output that stays.
    public synchronized void clear() {
        if (rewrites) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }

    private void show(String text, boolean worthALine) {
        var line = "[%3d s] %s"
                .formatted(Duration.ofNanos(System.nanoTime() - started).toSeconds(), text);
        if (rewrites) {
            out.print("\r"
                    + (line.length() > WIDTH ? line.substring(0, WIDTH) : line + " ".repeat(WIDTH - line.length())));
            out.flush();
        } else if (worthALine) {
            out.println(line);
        }
    }
}
