package io.headwater.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.ModelAdmin;
import io.headwater.config.ConfigException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.graph.GraphException;
import io.headwater.registry.RegistryException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at the versions of a model, chooses the one that serves, pins some, and rebuilds one from its lineage. */
@Command(
        name = "models",
        description = {
            "List the versions of a model, show or export one, choose the one that serves, or rebuild one.",
            "",
            "list      all kept versions",
            "show      the manifest of one: where it came from and why it was let through",
            "promote   serve a version without asking the gate",
            "rollback  serve the version that served before, or an earlier one",
            "approve   let the version serve that waits for it (gate.approval = required)",
            "reject    do not let it serve",
            "pin       keep a version on disk; while it serves, the gate promotes nothing over it",
            "unpin     take its pin away",
            "audit     who promoted, approved, rolled back, pinned, deleted ... what, when and why",
            "export    write one as a self-contained ONNX file",
            "erase     forget the rows that the model keeps of some owners, in its checkpoints and versions too",
            "rebuild   make one again from the recorded inputs, and say whether it is the same bit for bit",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater models list --model delays --config headwater.conf",
            "  headwater models rollback --model flights --work demo-data --why \"too many alerts\"",
            "  headwater models show --model delays --version 12 --config headwater.conf --json",
            "  headwater models approve --model delays --version 13 --config headwater.conf --by ann --note \"looked at it\"",
            "  headwater models pin --model delays --config headwater.conf --why \"under investigation\"",
            "  headwater models audit --model flights --work demo-data",
            "  headwater models rebuild --model fraud --work demo-data --from-start",
            "  headwater models erase --model fraud --config headwater.conf --owner \"card 4711\" --why \"asked for it\"",
            "  headwater models export --model spam --work demo-data --out spam.onnx",
            "",
            "While a service runs, the command goes through its admin address; else it takes the store's lock.",
            "A roll back without --version goes to the version that served before, pin and unpin take the one that serves.",
            "approve and reject name the version that was looked at: list shows which one waits.",
            "rebuild exits with 0 if the version is identical, with 1 if it is not or its inputs are gone."
        })
public final class ModelsCommand implements Callable<Integer> {
    /** What can be done. */
    enum Action {
        list,
        show,
        promote,
        rollback,
        approve,
        reject,
        pin,
        unpin,
        audit,
        export,
        erase,
        rebuild
    }

    /** Makes a version again from its recorded inputs. */
    public interface Rebuilder {
        /**
         * Rebuilds a version and says how it went.
         *
         * @param work a folder that demo --keep made; null where {@code config} is given
         * @param version null for the newest
         * @param fromStart takes no checkpoint, but the whole lineage
         */
        ObjectNode rebuild(
                @Nullable Path work,
                @Nullable Path config,
                String model,
                @Nullable Long version,
                boolean fromStart,
                PrintWriter progress);
    }

    private final Rebuilder rebuilder;

    /** @param rebuilder what knows how a model learns */
    public ModelsCommand(Rebuilder rebuilder) {
        this.rebuilder = rebuilder;
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ACTION", description = "One of the above.")
    @SuppressWarnings("NullAway.Init")
    private Action action;

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "The model.")
    @SuppressWarnings("NullAway.Init")
    private String model;

    @Option(
            names = "--version",
            paramLabel = "N",
            description = "The version; for show, promote, export and rebuild the newest if left out.")
    private @Nullable Long version;

    @Option(names = "--work", paramLabel = "DIR", description = "A folder that demo --keep made.")
    private @Nullable Path work;

    @Option(names = "--config", paramLabel = "FILE", description = "The service's config file; its data-dir is meant.")
    private @Nullable Path config;

    @Option(
            names = {"--why", "--note"},
            paramLabel = "TEXT",
            description = "The reason, for the audit trail.")
    private String why = "no reason given";

    @Option(names = "--by", paramLabel = "WHO", description = "Who does it, for the audit trail: ${DEFAULT-VALUE}.")
    private String who = System.getProperty("user.name", "operator");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where export writes the version, as one self-contained ONNX file.")
    private @Nullable Path out;

    @Option(
            names = "--from-start",
            description =
                    "Rebuild from the source model on, not from the newest checkpoint before the version's parent.")
    private boolean fromStart;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "For audit: so many records, the newest; 1000 if left out, 100000 at most.")
    private @Nullable Integer last;

    @Mixin
    private OwnerOptions owners = new OwnerOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** The program's own options for help have a --version, which here is a model's. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Override
    public Integer call() {
        if ((work == null) == (config == null)) {
            throw new ParameterException(spec.commandLine(), "name the versions by --work DIR or by --config FILE");
        }
        if ((action == Action.export) != (out != null)) {
            throw new ParameterException(spec.commandLine(), "export needs --out FILE, and nothing else takes it");
        }
        if ((action == Action.approve || action == Action.reject) && version == null) {
            throw new ParameterException(spec.commandLine(), action + " needs --version N: the one that you looked at");
        }
        if (EnumSet.of(Action.list, Action.audit, Action.erase).contains(action) && version != null) {
            throw new ParameterException(spec.commandLine(), action + " is of all versions and takes no --version");
        }
        if (last != null && (action != Action.audit || last < 1 || last > ModelAdmin.MOST_RECORDS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--last belongs to audit and is a whole number from 1 to " + ModelAdmin.MOST_RECORDS);
        }
        if (fromStart && action != Action.rebuild) {
            throw new ParameterException(spec.commandLine(), "--from-start belongs to rebuild");
        }
        if ((action == Action.erase) != owners.areGiven()) {
            throw new ParameterException(
                    spec.commandLine(), "erase needs --owner TEXT or --file FILE, and nothing else takes them");
        }
        try {
            if (action == Action.rebuild) {
                return rebuild();
            } else if (action == Action.erase) {
                return erase();
            }
            ObjectNode answer = out == null ? answer() : ModelExport.write(root(), model, version, out);
            print(json ? answer.toString() : ModelsReport.text(action, model, answer));
            return 0;
        } catch (RegistryException | GraphException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(String answer) {
        PrintWriter printer = spec.commandLine().getOut();
        printer.println(answer);
        printer.flush();
    }

    private int rebuild() {
        ObjectNode answer = rebuilder.rebuild(
                work, config, model, version, fromStart, spec.commandLine().getErr());
        print(json ? answer.toString() : RebuildReport.sentence(answer));
        return answer.path(RebuildReport.REBUILD).asText().equals(RebuildReport.IDENTICAL) ? 0 : 1;
    }

    private List<String> whose() {
        try {
            return owners.read();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int erase() {
        List<String> whose = whose();
        try (ModelDesk desk = ModelDesk.open(root(), model)) {
            ObjectNode answer = desk.erase(whose, who, why);
            print(json ? answer.toString() : ErasureReport.sentence(model, whose.size(), answer));
            return 0;
        }
    }

    private ObjectNode answer() {
        try (ModelDesk desk = ModelDesk.open(root(), model)) {
            return switch (action) {
                case list -> desk.list();
                case show -> desk.show(version);
                case audit -> desk.audit(last == null ? ModelAdmin.USUAL_RECORDS : last);
                default -> desk.change(action, version, who, why);
            };
        }
    }

    private Path root() {
        if (work != null) {
            return work.resolve(HeadwaterConfig.MODELS);
        }
        try {
            return HeadwaterConfig.read(config == null ? Path.of("") : config).dataDir();
        } catch (ConfigException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
