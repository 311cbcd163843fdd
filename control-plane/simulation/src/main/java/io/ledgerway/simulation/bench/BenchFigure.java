package io.ledgerway.simulation.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// A measured number, what a peer needs for the same beside it, and what it is meant to be.
///
/// @param ratio ours over the peer's
/// @param interval what the ratio may be, where that was estimated
public record BenchFigure(
        String name,
        String unit,
        double value,
        Better better,
        Optional<Peer> peer,
        OptionalDouble ratio,
        Optional<RatioInterval> interval,
        Optional<Aim> aim) {

    /// Thousandths are beyond what these benchmarks can tell apart.
    private static final double STEPS = 1000;

    public enum Better {
        LOWER,
        HIGHER
    }

    /// Somebody else's number for the same, measured in the same run.
    public record Peer(String name, double value) {

        public Peer {
            value = rounded(value);
        }
    }

    public enum On {
        VALUE,
        RATIO
    }

    public record Aim(double number, On on) {}

    public BenchFigure {
        if (aim.isPresent() && aim.get().on() == On.RATIO && ratio.isEmpty()) {
            throw new IllegalArgumentException(name + " aims at a ratio, but has no peer");
        }
        if (interval.isPresent() && ratio.isEmpty()) {
            throw new IllegalArgumentException(name + " has an interval of a ratio, but no ratio");
        }
        if (!Double.isFinite(value) || !Double.isFinite(ratio.orElse(0))) {
            throw new IllegalArgumentException(name + " is no number: " + value + ", ratio " + ratio);
        }
        value = rounded(value);
        ratio = ratio.isPresent() ? OptionalDouble.of(rounded(ratio.getAsDouble())) : ratio;
    }

    public static BenchFigure lowerIsBetter(String name, String unit, double value) {
        return alone(name, unit, value, Better.LOWER);
    }

    public static BenchFigure higherIsBetter(String name, String unit, double value) {
        return alone(name, unit, value, Better.HIGHER);
    }

    private static BenchFigure alone(String name, String unit, double value, Better better) {
        return new BenchFigure(
                name,
                unit,
                value,
                better,
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public BenchFigure beside(String name, double value) {
        return beside(name, value, this.value / value);
    }

    /// @param ratio where it is not that of the two numbers, as a median of ratios is not
    public BenchFigure beside(String peer, double peerValue, double ratio) {
        return new BenchFigure(
                name,
                unit,
                value,
                better,
                Optional.of(new Peer(peer, peerValue)),
                OptionalDouble.of(ratio),
                interval,
                aim);
    }

    public BenchFigure within(RatioInterval bounds) {
        return new BenchFigure(name, unit, value, better, peer, ratio, Optional.of(bounds.rounded(STEPS)), aim);
    }

    public BenchFigure aimAtRatio(double number) {
        return new BenchFigure(
                name, unit, value, better, peer, ratio, interval, Optional.of(new Aim(number, On.RATIO)));
    }

    public BenchFigure aimAtValue(double number) {
        return new BenchFigure(
                name, unit, value, better, peer, ratio, interval, Optional.of(new Aim(number, On.VALUE)));
    }

    /// A figure without an aim misses none.
    public boolean missed() {
        return aim.filter(wanted -> isWorse(measured(wanted.on()), wanted.number()))
                .isPresent();
    }

    private double measured(On on) {
        return switch (on) {
            case VALUE -> value;
            case RATIO -> ratio.orElseThrow();
        };
    }

    private boolean isWorse(double measured, double wanted) {
        return switch (better) {
            case LOWER -> measured > wanted;
            case HIGHER -> measured < wanted;
        };
    }

    /// As every benchmark writes it; what does not apply is left out.
    SequencedMap<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("name", name);
        document.put("unit", unit);
        document.put("value", value);
        peer.ifPresent(other -> document.put("beside", Map.of(other.name(), other.value())));
        ratio.ifPresent(number -> document.put("ratio", number));
        interval.ifPresent(bounds -> document.put("ratio_95", List.of(bounds.low(), bounds.high())));
        aim.ifPresent(wanted -> {
            document.put("aim", wanted.number());
            document.put("aim_on", word(wanted.on()));
        });
        document.put("better", word(better));
        return document;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static double rounded(double number) {
        return Math.round(number * STEPS) / STEPS;
    }
}
