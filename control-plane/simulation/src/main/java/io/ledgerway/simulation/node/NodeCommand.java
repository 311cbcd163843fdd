package io.ledgerway.simulation.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ledgerway.simulation.audit.Inquiry;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Shows the nodes, and tells the log what an operator knows of them.
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        subcommands = {
            NodeCommand.ListNodes.class,
            NodeCommand.Show.class,
            NodeCommand.Lost.class,
            NodeCommand.Retire.class
        },
        description = "The nodes and their lives: list them, show one, declare one lost, retire one.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, or so already",
            "1:no answer, or not allowed",
            "2:wrong usage",
            "3:there is no such node",
            "4:not now: the node is in use, or another instance has its name by now"
        })
public final class NodeCommand {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int NO_SUCH_NODE = 3;
    static final int NOT_NOW = 4;

    public NodeCommand() {}

    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (value.isBlank()) {
                throw new TypeConversionException("a node's name must not be blank");
            }
            if (value.equals(".") || value.equals("..")) {
                throw new TypeConversionException("'" + value + "' is no node's name");
            }
            return value;
        }
    }

    /// What all of them have in common.
    abstract static class Asking implements Callable<Integer> {

        @Mixin
        private Inquiry inquiry;

        @Option(names = "--json", description = "Print the answer as JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        abstract JsonNode ask(Inquiry inquiry);

        abstract String text(JsonNode answer);

        @Override
        public Integer call() {
            try {
                var answer = ask(inquiry);
                var out = spec.commandLine().getOut();
                out.print(json ? answer.toPrettyString() + "\n" : text(answer));
                out.flush();
                return DONE;
            } catch (Inquiry.NoAnswer e) {
                spec.commandLine().getErr().println(e.getMessage());
                return switch (e.status()) {
                    case 404 -> NO_SUCH_NODE;
                    case 409 -> NOT_NOW;
                    default -> FAILED;
                };
            }
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Every node of the log, a line each.",
            footer = {"", "Example: ledgerway node list"})
    static final class ListNodes extends Asking {

        @Override
        JsonNode ask(Inquiry inquiry) {
            return inquiry.ask("/v1/nodes");
        }

        @Override
        String text(JsonNode answer) {
            return NodeText.list(answer);
        }
    }

    abstract static class OfOne extends Asking {

        @Parameters(paramLabel = "NAME", converter = Name.class, description = "The node's name.")
        private String name;

        String path() {
            return "/v1/nodes/" + Inquiry.encoded(name);
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One node: its life, its ENIs and addresses, what is asked of the cloud for it.",
            footer = {"", "Example: ledgerway node show node-1"})
    static final class Show extends OfOne {

        @Override
        JsonNode ask(Inquiry inquiry) {
            return inquiry.ask(path());
        }

        @Override
        String text(JsonNode answer) {
            return NodeText.show(answer);
        }
    }

    abstract static class Word extends OfOne {

        @Option(names = "--why", paramLabel = "TEXT", description = "What you know; it stays in the log.")
        private String why = "";

        @Option(
                names = "--token",
                paramLabel = "TOKEN",
                defaultValue = "${LEDGERWAY_OPERATOR_TOKEN:-}",
                showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
                description = "The operator's token of the control plane; better by LEDGERWAY_OPERATOR_TOKEN,"
                        + " since others see a command's arguments.")
        private String token;

        abstract String verb();

        @Override
        JsonNode ask(Inquiry inquiry) {
            if (token.isBlank()) {
                throw new Inquiry.NoAnswer(
                        "the control plane takes this from its operator only: LEDGERWAY_OPERATOR_TOKEN or --token has to be"
                                + " its ledgerway.http.operator-token");
            }
            var body = JsonNodeFactory.instance.objectNode();
            if (!why.isBlank()) {
                body.put("why", why);
            }
            return inquiry.tell(path() + "/" + verb(), body, token);
        }

        @Override
        String text(JsonNode answer) {
            return answer.path("message").asText() + "\n";
        }
    }

    @Command(
            name = "lost",
            mixinStandardHelpOptions = true,
            description = {
                "Says that a node is not there any more. It frees nothing: what the node holds ends when ECS shows its"
                        + " ENIs detached. Another instance may take its name then, and it is back when it speaks."
            },
            footer = {"", "Example: ledgerway node lost node-3 --why 'the rack has no power'"})
    static final class Lost extends Word {

        @Override
        String verb() {
            return "lost";
        }
    }

    @Command(
            name = "retire",
            mixinStandardHelpOptions = true,
            description = {
                "Says that a node does not come back: its ENIs are detached and deleted. Of one that serves pods that is"
                        + " refused. It is also the word that a drain of many nodes at once waits for."
            },
            footer = {"", "Example: ledgerway node retire node-3 --why 'scaled in'"})
    static final class Retire extends Word {

        @Override
        String verb() {
            return "retire";
        }
    }
}
