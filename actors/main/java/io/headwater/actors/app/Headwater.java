package io.headwater.actors.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.actors.Provenance;
import io.headwater.actors.VersionRebuild;
import io.headwater.actors.app.demo.KeptDemo;
import io.headwater.cli.AdaptCommand;
import io.headwater.cli.CommandFailedException;
import io.headwater.cli.EndSignal;
import io.headwater.cli.EvaluateCommand;
import io.headwater.cli.FitCommand;
import io.headwater.cli.InspectCommand;
import io.headwater.cli.ModelsCommand;
import io.headwater.cli.NumberWords;
import io.headwater.config.ConfigException;
import io.headwater.dataset.FileReason;
import io.headwater.registry.RegistryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: exit status 0 when done, 2 for wrong usage, 1 for anything else, each with one clear sentence. */
@Command(
        name = "headwater",
        description = "Keeps a model current while it serves.",
        mixinStandardHelpOptions = true,
        versionProvider = Headwater.Version.class,
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            ReplayCommand.class,
            FitCommand.class,
            EvaluateCommand.class,
            AdaptCommand.class,
            ModelsCommand.class,
            InspectCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater demo --scenario flights --for 60s",
            "  headwater serve --config headwater.conf",
            "  headwater fit --data sms.tsv --label Label --text SMS --backbone all-minilm-l6-v2.onnx --out spam",
            "  headwater evaluate --data electricity.csv --label class --delay 48",
            "  headwater models list --model delays --config headwater.conf",
            "",
            "'headwater COMMAND --help' tells more."
        })
public final class Headwater implements Runnable {
    /** What a service has in hand is finished within this time of a signal, or the process ends all the same. */
    static final Duration ENDING = Duration.ofSeconds(60);

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(EndSignal.exitStatus(commandLine().execute(args)));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Headwater(), new Commands());
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
        return NumberWords.in(line)
                .setParameterExceptionHandler(Headwater::wrongUsage)
                .setExecutionExceptionHandler(Headwater::failed)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command: " + commands(spec.commandLine()));
    }

    private static String commands(CommandLine line) {
        return String.join(", ", line.getSubcommands().keySet());
    }

    private static int wrongUsage(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String message = String.valueOf(e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !line.getSubcommands().isEmpty()) {
            message = "there is no command '" + unmatched.getUnmatched().get(0) + "'; there are " + commands(line);
        }
        line.getErr()
                .println("headwater: " + message + " ('" + line.getCommandSpec().qualifiedName(" ")
                        + " --help' tells more)");
        return 2;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        line.getErr().println("headwater: " + sentence(e));
        if (!isExpected(e) && System.getenv("HEADWATER_LOG") != null) {
            e.printStackTrace(line.getErr());
        }
        return 1;
    }

    private static boolean isExpected(Throwable e) {
        return e instanceof CommandFailedException || e instanceof ConfigException || e instanceof RegistryException;
    }

    /** States that are refused have sentences of their own, and a cause that was only wrapped tells more than its wrapper. */
    private static String sentence(Throwable e) {
        if (e instanceof UncheckedIOException
                && e.getCause() instanceof IOException cause
                && cause.toString().equals(e.getMessage())) {
            return sentence(cause);
        } else if (e instanceof FileSystemException file) {
            return file.getFile() + ": " + FileReason.of(file);
        } else if (e instanceof IOException other) {
            return FileReason.of(other);
        }
        boolean told =
                isExpected(e) || e instanceof UncheckedIOException || e.getClass() == IllegalStateException.class;
        return told && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    /** See {@code ModelsCommand.Rebuilder}. */
    public static ObjectNode rebuild(
            @Nullable Path work,
            @Nullable Path config,
            String model,
            @Nullable Long version,
            boolean fromStart,
            PrintWriter progress) {
        return work == null
                ? VersionRebuild.ofService(config == null ? Path.of("") : config, model, version, fromStart, progress)
                : KeptDemo.rebuild(work, model, version, fromStart, progress);
    }

    /** Makes the commands that need something given to them. */
    private static final class Commands implements CommandLine.IFactory {
        private final CommandLine.IFactory others = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == ModelsCommand.class ? type.cast(new ModelsCommand(Headwater::rebuild)) : others.create(type);
        }
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"headwater " + Provenance.HEADWATER};
        }
    }
}
