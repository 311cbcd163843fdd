package io.ledgerway.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Who may use what. Every rule is stated below one root package, so that the same rule judges the product and the
/// classes that were planted to prove that it bites.
final class Rules {
    /// A rule, and the simple name of the planted class that breaks it.
    record Rule(String sentence, String brokenBy, ArchRule rule) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static final List<String> PARTNERS =
            List.of("axon", "kafka", "postgres", "ecs", "kubernetes", "grpc", "http");

    private final String root;

    private Rules(String root) {
        this.root = root;
    }

    static List<Rule> below(String root) {
        var rules = new Rules(root);
        var all = new ArrayList<Rule>();
        all.addAll(rules.domain());
        all.addAll(rules.libraries());
        all.addAll(rules.modules());
        all.addAll(rules.partners());
        return all;
    }

    private List<Rule> domain() {
        return List.of(
                new Rule(
                        "the domain needs nothing but the JDK",
                        "UsesALibrary",
                        noClasses()
                                .that()
                                .resideInAPackage(root + ".domain..")
                                .should()
                                .dependOnClassesThat(not(resideInAnyPackage("java..", root + ".domain..")))),
                new Rule(
                        "the domain reads no clock: time arrives with the command",
                        "ReadsTheClock",
                        domainUsesNo(
                                "the clock",
                                access -> isNamed(access, "now") && isIn(access, "java.time")
                                        || isNamed(access, "nanoTime", "currentTimeMillis")
                                        || isOwnedBy(access, "java.time.Clock"))),
                new Rule(
                        "the domain makes no random choice: ids and tokens arrive with the command",
                        "RollsDice",
                        domainUsesNo(
                                "randomness",
                                access -> isNamed(access, "randomUUID", "random")
                                        || isIn(access, "java.util.random")
                                        || isOwnedBy(
                                                access,
                                                "java.util.Random",
                                                "java.util.SplittableRandom",
                                                "java.security.SecureRandom",
                                                "java.util.concurrent.ThreadLocalRandom")
                                        || isNamed(access, "shuffle") && isOwnedBy(access, "java.util.Collections"))),
                new Rule(
                        "the domain reads and writes nothing outside",
                        "ReadsAFile",
                        noClasses()
                                .that()
                                .resideInAPackage(root + ".domain..")
                                .should()
                                .dependOnClassesThat(inputAndOutput())),
                new Rule(
                        "the domain asks neither the environment nor the system for anything",
                        "AsksTheEnvironment",
                        domainUsesNo(
                                "the system",
                                access -> isOwnedBy(access, "java.lang.System")
                                                && isNamed(access, "getenv", "getProperty", "getProperties", "exit")
                                        || isOwnedBy(access, "java.lang.Runtime", "java.lang.ProcessBuilder"))),
                new Rule(
                        "collections of the domain keep insertion order on every JVM",
                        "LosesTheOrder",
                        domainUsesNo(
                                "an unordered collection",
                                access -> isOwnedBy(access, "java.util.HashMap", "java.util.HashSet")
                                                && isNamed(access, "<init>")
                                        || isOwnedBy(access, "java.util.Map", "java.util.Set")
                                                && isNamed(access, "of", "ofEntries", "copyOf")
                                                && parameters(access) > 0
                                        || isOwnedBy(access, "java.util.stream.Collectors") && isUnordered(access))));
    }

    /// Each outside library is imported by one package, and its types stop there. What drives or measures a partner
    /// directly (the embedded broker, the benchmark's peer, the demo's view of the tables) is named as well.
    private List<Rule> libraries() {
        return List.of(
                library(
                        "Kafka",
                        "TalksToEveryone",
                        List.of("org.apache.kafka..", "kafka.."),
                        "server.kafka..",
                        "embedded..",
                        "simulation.bench.."),
                library("Axon", "TalksToEveryone", List.of("org.axonframework.."), "server.axon.."),
                library("the cloud's SDK", "TalksToEveryone", List.of("com.aliyuncs.."), "server.ecs.."),
                library(
                        "JDBC",
                        "TalksToEveryone",
                        List.of("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..", "io.agroal.."),
                        "server.postgres..",
                        "simulation.demo.."),
                library(
                        "gRPC",
                        "TalksToEveryone",
                        List.of("io.grpc..", "io.quarkus.grpc.."),
                        "server.grpc..",
                        "node.controlplane..",
                        "schemas.node.v1.."),
                library("Vert.x", "TalksToEveryone", List.of("io.vertx..", "io.quarkus.vertx.."), "server.grpc.."),
                library("JAX-RS", "TalksOverHttp", List.of("jakarta.ws.rs.."), "server.http.."),
                library("picocli", "TalksOverHttp", List.of("picocli.."), "simulation.."),
                library("java.lang.foreign", "CallsTheKernel", List.of("java.lang.foreign.."), "node.kernel.."));
    }

    private List<Rule> modules() {
        return List.of(
                new Rule(
                        "the node executor is plain Java: no Quarkus, no injection, no reactive streams",
                        "CallsTheKernel",
                        noClasses()
                                .that()
                                .resideInAPackage(root + ".node..")
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.quarkus..", "io.smallrye..", "io.vertx..", "jakarta..", "org.jboss..")),
                direction(
                        "the node executor", "CallsTheKernel", "node", "server", "simulator", "embedded", "simulation"),
                direction(
                        "the control plane",
                        "TalksToEveryone",
                        "server",
                        "node",
                        "simulator",
                        "embedded",
                        "simulation"),
                direction(
                        "the ECS simulator",
                        "KnowsItsCustomer",
                        "simulator",
                        "server",
                        "node",
                        "embedded",
                        "simulation"),
                new Rule(
                        "a class is named for what it is, not for its place in a pattern",
                        "AddressManager",
                        noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager)")));
    }

    /// The log engine is Axon's engine on Kafka, so that pair alone has a direction; Kafka knows nothing of Axon.
    private List<Rule> partners() {
        return PARTNERS.stream()
                .map(partner -> {
                    String[] others = PARTNERS.stream()
                            .filter(other -> !other.equals(partner))
                            .filter(other -> !(partner.equals("axon") && other.equals("kafka")))
                            .map(other -> root + ".server." + other + "..")
                            .toArray(String[]::new);
                    return new Rule(
                            "the package for " + partner + " imports no other partner's",
                            "Partner" + partner,
                            noClasses()
                                    .that()
                                    .resideInAPackage(root + ".server." + partner + "..")
                                    .should()
                                    .dependOnClassesThat()
                                    .resideInAnyPackage(others)
                                    .allowEmptyShould(true));
                })
                .toList();
    }

    private Rule library(String name, String brokenBy, List<String> packages, String... owners) {
        String[] allowed =
                Arrays.stream(owners).map(owner -> root + "." + owner).toArray(String[]::new);
        return new Rule(
                name + " is used by " + String.join(", ", owners) + " alone",
                brokenBy,
                noClasses()
                        .that()
                        .resideOutsideOfPackages(allowed)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages.toArray(String[]::new)));
    }

    private Rule direction(String name, String brokenBy, String module, String... unknown) {
        String[] packages =
                Arrays.stream(unknown).map(other -> root + "." + other + "..").toArray(String[]::new);
        return new Rule(
                name + " knows nothing of " + String.join(", ", unknown),
                brokenBy,
                noClasses()
                        .that()
                        .resideInAPackage(root + "." + module + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(packages));
    }

    private ArchRule domainUsesNo(String what, Predicate<JavaAccess<?>> forbidden) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".domain..")
                .should()
                .accessTargetWhere(DescribedPredicate.describe("use " + what, forbidden));
    }

    private static DescribedPredicate<JavaClass> inputAndOutput() {
        Set<String> addresses = Set.of(
                InetAddress.class.getName(),
                Inet4Address.class.getName(),
                Inet6Address.class.getName(),
                UnknownHostException.class.getName());
        return resideInAnyPackage(
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.sql..",
                        "java.util.logging..")
                .and(DescribedPredicate.describe("are no addresses", type -> !addresses.contains(type.getName())))
                // Every enum and exception is serializable by birth.
                .and(DescribedPredicate.describe(
                        "are no marker", type -> !type.getName().equals("java.io.Serializable")))
                .or(resideInAPackage("java.lang.foreign.."));
    }

    private static boolean isUnordered(JavaAccess<?> access) {
        return isNamed(access, "toSet", "toUnmodifiableSet", "toUnmodifiableMap")
                // With a supplier of the map (the last of four, or the second of three) the order is the caller's.
                || isNamed(access, "toMap") && parameters(access) < 4
                || isNamed(access, "groupingBy") && parameters(access) < 3;
    }

    private static int parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().size()
                : 0;
    }

    private static boolean isNamed(JavaAccess<?> access, String... names) {
        return Arrays.asList(names).contains(access.getName());
    }

    private static boolean isIn(JavaAccess<?> access, String packageName) {
        return owner(access).getPackageName().equals(packageName);
    }

    private static boolean isOwnedBy(JavaAccess<?> access, String... types) {
        return Arrays.asList(types).contains(owner(access).getName());
    }

    private static JavaClass owner(JavaAccess<?> access) {
        return access.getTargetOwner();
    }
}
