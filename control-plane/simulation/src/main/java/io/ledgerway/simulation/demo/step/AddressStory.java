package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Stay;
import io.ledgerway.simulation.demo.Step;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// One address through all of it: who had it, what was told late, and when that happened really.
public final class AddressStory implements Step {

    /// What is recorded within this time was told as it happened.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @Override
    public String title() {
        return "telling the story of one address";
    }

    @Override
    public void run(Scene scene) {
        var stays = new LinkedHashMap<String, List<Stay>>(scene.log().stays().stream()
                .collect(Collectors.groupingBy(Stay::address, LinkedHashMap::new, Collectors.toList())));
        var address = stays.entrySet().stream()
                .max(Comparator.comparingLong(entry ->
                        late(entry.getValue()) * 1000 + entry.getValue().size()))
                .orElseThrow()
                .getKey();
        var history = scene.controlPlane().history(address);
        scene.say("The story of " + address + ":");
        for (var told : history) {
            boolean late = isLate(Duration.between(told.at(), told.recordedAt()));
            scene.say("  %-10s %s  %s%s"
                    .formatted(
                            told.position(),
                            told.at(),
                            told.text(),
                            late ? "  (recorded at " + told.recordedAt() + ")" : ""));
        }
        var positions = history.stream().map(told -> told.position()).toList();
        var untold = stays.get(address).stream()
                .map(stay -> stay.begun().position())
                .filter(position -> !positions.contains(position))
                .toList();
        scene.checks()
                .add(
                        "the ledger tells the story of an address, with original and recorded time of what it heard late",
                        untold.isEmpty() && late(stays.get(address)) > 0,
                        address + " had " + stays.get(address).size() + " pods one after the other, "
                                + late(stays.get(address)) + " of them were told late; " + history.size()
                                + " records" + (untold.isEmpty() ? "" : ", but without " + untold));
    }

    private static long late(List<Stay> stays) {
        return stays.stream()
                .filter(stay ->
                        isLate(Duration.between(stay.begun().at(), stay.begun().recordedAt())))
                .count();
    }

    private static boolean isLate(Duration after) {
        return after.compareTo(AT_ONCE) > 0;
    }
}
