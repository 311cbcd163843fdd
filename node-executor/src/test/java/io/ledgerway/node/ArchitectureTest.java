package io.ledgerway.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.ledgerway.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheKernelPackageCallsNativeCode = noClasses()
            .that()
            .resideOutsideOfPackage("io.ledgerway.node.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule theKernelPackageKnowsNothingAboveIt = noClasses()
            .that()
            .resideInAPackage("io.ledgerway.node.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ledgerway.node.endpoint..", "io.ledgerway.node.cni..", "io.ledgerway.domain..");

    @ArchTest
    static final ArchRule endpointsAreMadeFromTheJdkAndTheKernelAlone = classes()
            .that()
            .resideInAPackage("io.ledgerway.node.endpoint..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.ledgerway.node.endpoint..", "io.ledgerway.node.kernel..");

    @ArchTest
    static final ArchRule cniKnowsNeitherKernelNorEndpoints = classes()
            .that()
            .resideInAPackage("io.ledgerway.node.cni..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "com.fasterxml.jackson.core..", "io.ledgerway.node.cni..");

    @ArchTest
    static final ArchRule plansAreMadeWithoutSockets = noClasses()
            .that()
            .haveSimpleNameEndingWith("Driver")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameStartingWith("NlSocket");

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("io.ledgerway.node.(*)..").should().beFreeOfCycles();
}
