package io.ledgerway.simulation.audit;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// What a command printed, and how it ended.
public record Run(int status, String out, String err) {

    public static Run of(Object command, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Run(status, out.toString(), err.toString());
    }
}
