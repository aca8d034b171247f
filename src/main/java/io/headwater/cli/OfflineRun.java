package io.headwater.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.dataset.DatasetException;
import io.headwater.dataset.FileReason;
import io.headwater.offline.ClassNames;
import io.headwater.offline.StoppedException;
import io.headwater.offline.WrongOptionException;
import io.headwater.ort.ModelLoadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What commands that work through files have in common: a bar while they do, an end by Ctrl-C, one sentence where they
 * fail, and a result for people and, with {@code --json}, for programs.
 */
final class OfflineRun {
    /** What a command does. */
    interface Work {
        /** @throws IOException if a file cannot be read or written */
        Result run(ProgressBar bar, EndSignal end) throws IOException;
    }

    /** What it tells at its end. */
    interface Result {
        void print(PrintWriter out);

        ObjectNode json();

        /** The names of classes, for a sentence. */
        static String named(List<String> classes) {
            return ClassNames.some(classes) + (classes.size() == 2 ? " (the score is for " + classes.get(1) + ")" : "");
        }
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Option(names = "--json", description = "Print one JSON object as the last line.")
    private boolean json;

    /**
     * Does it, and tells the result.
     *
     * @throws ParameterException if the command line turns out to be wrong for the files
     * @throws CommandFailedException if the work fails for another reason that a user can mend
     */
    void run(Work work) {
        try (EndSignal end = EndSignal.listen()) {
            Result result = result(work, ProgressBar.on(command.commandLine().getErr()), end);
            PrintWriter out = command.commandLine().getOut();
            result.print(out);
            if (json) {
                out.println(result.json());
            }
            out.flush();
        }
    }

    private Result result(Work work, ProgressBar bar, EndSignal end) {
        try {
            return work.run(bar, end);
        } catch (WrongOptionException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException
                | StoppedException
                | ModelLoadException
                | DatasetException
                | UncheckedIOException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            String file = e instanceof FileSystemException where ? where.getFile() + ": " : "";
            throw new CommandFailedException(file + FileReason.of(e), e);
        } finally {
            bar.end();
        }
    }
}
