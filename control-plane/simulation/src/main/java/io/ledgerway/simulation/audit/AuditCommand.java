package io.ledgerway.simulation.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.domain.IpAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Asks who held what, and why.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        subcommands = {AuditCommand.Who.class, AuditCommand.Pod.class, AuditCommand.Node.class},
        description = "Who held an address, and the story of a pod or a node, from the log.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:found", "1:no answer", "2:wrong usage", "3:nothing is known"})
public final class AuditCommand {

    static final int FOUND = 0;
    static final int FAILED = 1;
    static final int NOTHING_KNOWN = 3;

    public AuditCommand() {}

    static final class Moment implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no moment; write it in UTC, such as 2026-11-24T02:14:00Z");
            }
        }
    }

    static final class Address implements ITypeConverter<IpAddress> {
        @Override
        public IpAddress convert(String value) {
            try {
                return new IpAddress(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no IP address; write it such as 10.0.1.7 or fd00::7");
            }
        }
    }

    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (value.isBlank()) {
                throw new TypeConversionException("a name must not be blank");
            }
            return value;
        }
    }

    /// What the three questions have in common.
    abstract static class Question implements Callable<Integer> {

        @Mixin
        private Inquiry inquiry;

        @Option(names = "--json", description = "Print the answer as JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        abstract String path();

        abstract Function<JsonNode, String> text();

        /// Whether the answer says anything of what was asked.
        boolean isFound(JsonNode answer) {
            return answer.path("found").asBoolean();
        }

        @Override
        public Integer call() {
            try {
                var answer = inquiry.ask(path());
                var out = spec.commandLine().getOut();
                out.print(json ? answer.toPrettyString() + "\n" : text().apply(answer));
                out.flush();
                return isFound(answer) ? FOUND : NOTHING_KNOWN;
            } catch (Inquiry.NoAnswer e) {
                spec.commandLine().getErr().println(e.getMessage());
                return FAILED;
            }
        }
    }

    @Command(
            name = "who",
            mixinStandardHelpOptions = true,
            description = "Which pod holds or held an address.",
            footer = {"", "Example: ledgerway audit who 10.0.1.7 --at 2026-11-24T02:14:00Z"})
    static final class Who extends Question {

        @Parameters(paramLabel = "IP", converter = Address.class, description = "An IPv4 or IPv6 address.")
        private IpAddress address;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                converter = Moment.class,
                description = "The moment in question, in UTC; without it the whole history is told.")
        private Instant at;

        @Override
        String path() {
            return "/v1/audit/addresses/" + Inquiry.encoded(address.value())
                    + (at == null ? "" : "?at=" + Inquiry.encoded(at.toString()));
        }

        @Override
        Function<JsonNode, String> text() {
            return AuditText::who;
        }

        @Override
        boolean isFound(JsonNode answer) {
            return answer.has("verdict") ? !answer.path("verdict").asText().equals("unknown") : super.isFound(answer);
        }
    }

    @Command(
            name = "pod",
            mixinStandardHelpOptions = true,
            description = "One pod from its request to the kernel and to its end.",
            footer = {"", "Example: ledgerway audit pod web-1 --namespace shop"})
    static final class Pod extends Question {

        @Parameters(
                paramLabel = "NAME",
                converter = Name.class,
                description = "The pod's name, NAMESPACE/NAME, or its UID with --uid.")
        private String name;

        @Option(
                names = {"-n", "--namespace"},
                defaultValue = "default",
                description = "The pod's namespace (${DEFAULT-VALUE}).")
        private String namespace;

        @Option(names = "--uid", description = "NAME is a pod's UID.")
        private boolean uid;

        @Override
        String path() {
            return "/v1/audit/pods/" + (uid ? "" : Inquiry.encoded(qualified().substring(0, slash())) + "/")
                    + Inquiry.encoded(uid ? name : qualified().substring(slash() + 1));
        }

        @Override
        Function<JsonNode, String> text() {
            return answer -> AuditText.pod(answer, uid ? name : qualified());
        }

        private String qualified() {
            return name.contains("/") ? name : namespace + "/" + name;
        }

        private int slash() {
            return qualified().indexOf('/');
        }
    }

    @Command(
            name = "node",
            mixinStandardHelpOptions = true,
            description = "What happened on a node, and what it holds.",
            footer = {"", "Example: ledgerway audit node node-1"})
    static final class Node extends Question {

        @Parameters(paramLabel = "NAME", converter = Name.class, description = "The node's name.")
        private String name;

        @Override
        String path() {
            return "/v1/audit/nodes/" + Inquiry.encoded(name);
        }

        @Override
        Function<JsonNode, String> text() {
            return answer -> AuditText.node(answer, name);
        }
    }
}
