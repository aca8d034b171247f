package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command gave when it was run as the program runs it: wrong words are status 2, what fails is status 1. */
record CommandRun(int status, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static CommandRun of(Object command, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler((e, line) -> {
                    e.getCommandLine().getErr().println(e.getMessage());
                    return 2;
                })
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    line.getErr().println(e instanceof CommandFailedException ? e.getMessage() : e.toString());
                    return 1;
                })
                .execute(words);
        return new CommandRun(status, out.toString(), err.toString());
    }

    /** The last line of what it printed. */
    JsonNode json() throws IOException {
        String[] lines = out.strip().split("\n");
        return JSON.readTree(lines[lines.length - 1]);
    }
}
