package io.ledgerway.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.ledgerway.architecture.Rules.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final String PRODUCT = "io.ledgerway";
    private static final String PLANTED = "io.ledgerway.architecture.planted";

    private static final JavaClasses PRODUCT_CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(PRODUCT);
    private static final JavaClasses PLANTED_CLASSES = new ClassFileImporter().importPackages(PLANTED);

    static Stream<Rule> productRules() {
        return Rules.below(PRODUCT).stream();
    }

    static Stream<Rule> plantedRules() {
        return Rules.below(PLANTED).stream();
    }

    @ParameterizedTest
    @MethodSource("productRules")
    void theProductKeepsTheRule(Rule rule) {
        rule.rule().check(PRODUCT_CLASSES);
    }

    @ParameterizedTest
    @MethodSource("plantedRules")
    void theRuleBitesThePlantedClass(Rule rule) {
        var broken = rule.rule().evaluate(PLANTED_CLASSES).getFailureReport().getDetails();

        assertTrue(
                broken.stream().anyMatch(line -> line.contains("." + rule.brokenBy())),
                () -> "nothing of " + rule.brokenBy() + " among " + broken);
        assertFalse(
                broken.stream().anyMatch(line -> line.contains(".Innocent")),
                () -> "an innocent class is among " + broken);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void everyModuleIsSeen(String packageName) {
        assertTrue(
                PRODUCT_CLASSES.stream().anyMatch(type -> type.getPackageName().startsWith(packageName)),
                packageName + " is not on the class path of this test, so no rule judges it");
    }

    static Stream<String> modules() {
        return Stream.of("domain", "schemas", "server", "node", "simulator", "embedded", "simulation")
                .map(module -> PRODUCT + "." + module);
    }
}
