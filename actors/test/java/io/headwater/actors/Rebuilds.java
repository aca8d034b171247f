package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.actors.app.Headwater;
import io.headwater.cli.ModelsCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** {@code models rebuild} of model "m", for tests. */
final class Rebuilds {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the command answered. */
    record Answer(int exit, JsonNode json) {}

    private Rebuilds() {}

    /** @param work as kept by a demo, or of a {@link RunningService} */
    static Answer of(Path work, String... more) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new ModelsCommand(Headwater::rebuild))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        List<String> args = new ArrayList<>(
                List.of("rebuild", "--model", RunningService.MODEL, "--work", work.toString(), "--json"));
        args.addAll(List.of(more));
        int exit = line.execute(args.toArray(String[]::new));
        assertThat(out.toString()).as(err.toString()).isNotBlank();
        return new Answer(exit, JSON.readTree(out.toString()));
    }
}
