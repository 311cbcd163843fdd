package io.ledgerway.simulation.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The steps of the demo one after the other, shown when they begin, and how long each took.
final class Timed {

    private static final double MILLISECONDS_PER_SECOND = 1000;

    private final Progress progress;
    private final List<Figure> took = new ArrayList<>();
    private String title = "";
    private long began;

    Timed(Progress progress) {
        this.progress = progress;
    }

    /// Ends the step before it.
    void begin(String step) {
        end();
        title = step;
        began = System.nanoTime();
        progress.step(step);
    }

    void end() {
        if (!title.isEmpty()) {
            var passed = Duration.ofNanos(System.nanoTime() - began);
            took.add(new Figure(title, "s", passed.toMillis() / MILLISECONDS_PER_SECOND));
            title = "";
        }
    }

    /// The step that has begun.
    String title() {
        return title;
    }

    List<Figure> took() {
        return List.copyOf(took);
    }
}
