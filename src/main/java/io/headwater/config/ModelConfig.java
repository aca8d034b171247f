package io.headwater.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The settings of one served model, checked; see reference.conf for what each means.
 *
 * @param learning the settings that decide what is learned, as JSON with sorted keys: a rebuild reads them again
 */
public record ModelConfig(
        String name,
        Topics topics,
        Fields fields,
        Features features,
        Backbone backbone,
        Learner learner,
        Source source,
        Training training,
        Adaptation adaptation,
        Retention retention,
        Traffic traffic,
        Drift drift,
        Gate gate,
        Checkpoint checkpoint,
        Versions versions,
        Announcing announcing,
        Role role,
        Scoring scoring,
        String learning) {

    /** Blocks that have no say in what is learned. */
    private static final List<String> DECIDE_NOTHING_LEARNED = List.of(
            "scoring",
            "topics",
            "scores",
            "dead-letters",
            "versions",
            "checkpoint",
            "source.file",
            "role",
            "gate.approval",
            "gate.replace-waiting");

    /** Topic names, and how missing topics are made. */
    public record Topics(
            String events,
            String labels,
            String scores,
            String deadLetters,
            String lineage,
            boolean create,
            int partitions,
            short replication) {}

    /**
     * Where a record's parts are, and what format scores have.
     *
     * @param owner the field that says whose an event is; empty where each is its own
     */
    public record Fields(String id, String time, String label, String labelTime, String owner, String scoreFormat) {}

    /** Which fields are features; {@code text} is empty where there is none. */
    public record Features(
            List<String> numeric,
            List<String> categorical,
            boolean timeOfDay,
            boolean weekday,
            int buckets,
            int numericBins,
            String text,
            int maxTokens) {}

    /** The pre-trained model to stand on, if any, and the new head on it. Empty texts stand for what is usual. */
    public record Backbone(
            String file, String cut, String headOn, String tokenizer, List<String> licences, List<Integer> hidden) {
        public Backbone {
            licences = List.copyOf(licences);
            hidden = List.copyOf(hidden);
        }

        public boolean isUsed() {
            return !file.isBlank();
        }
    }

    /** What makes the versions after the first. */
    public enum Learner {
        /** {@link #MIXTURE} for a table, {@link #GRADIENT} on a net or with adaptation; where versions are there, what made them. */
        AUTO,
        GRADIENT,
        MIXTURE;

        /** As it is in the config. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What makes a model that has no version yet; never {@link Learner#AUTO}. */
    public Learner firstLearner() {
        if (learner != Learner.AUTO) {
            return learner;
        }
        boolean table = !backbone.isUsed()
                && source.model().isBlank()
                && !adaptation.isUsed()
                && retention.method().equals(Adaptation.NONE)
                && training.replay().equals(Training.UNIFORM);
        return table ? Learner.MIXTURE : Learner.GRADIENT;
    }

    /**
     * Where the source model comes from: a file of examples to develop it on, or a folder with a developed one. Both
     * are empty where the registry already holds one.
     */
    public record Source(String file, String model, int sample) {}

    /**
     * How the head is trained; what is empty depends on what it stands on.
     *
     * @param calibrate whether what labels prove of its probabilities is mended; empty: of a net's
     */
    public record Training(
            String device,
            long seed,
            int batchSize,
            Duration batchAge,
            OptionalDouble learningRate,
            double backboneFactor,
            double layerDecay,
            OptionalInt steps,
            double weightDecay,
            double clipNorm,
            double interceptRate,
            int replayRows,
            int recentRows,
            long replayBytes,
            String replay,
            double statisticsHalfLifeRows,
            Optional<Boolean> calibrate) {
        /** The {@code replay} that nobody has to ask for. */
        public static final String UNIFORM = "uniform";
    }

    /**
     * How today's unlabelled traffic is aligned with the source.
     *
     * @param method the term, or none
     * @param lambda its strength; empty to have it follow from how far a target lies from the source
     * @param domain the field that names an event's domain; empty where all live traffic is one target
     * @param sources values of that field that are source domains
     * @param maxTargets how many targets have a window of their own
     * @param rows of each domain in a step
     * @param sourceRows source rows that are kept
     * @param rampSteps steps over which a target's strength grows
     * @param fadeLabels labels of a target after which its strength is half; 0: it never fades
     * @param guard whether an unadapted line learns beside the adapted one, to be used where it loses less
     */
    public record Adaptation(
            String method,
            OptionalDouble lambda,
            String domain,
            List<String> sources,
            int maxTargets,
            int rows,
            int sourceRows,
            int rampSteps,
            int fadeLabels,
            boolean guard) {
        static final String NONE = "none";

        public boolean isUsed() {
            return !method.equals(NONE);
        }
    }

    /**
     * What keeps the learner from forgetting, beside replay.
     *
     * @param method what holds it to its earlier self, or none
     * @param strength its weight beside the loss of a row; empty for the method's own
     * @param every labelled rows after which what is kept is taken anew
     */
    public record Retention(String method, OptionalDouble strength, int every) {}

    /** How much unlabelled traffic is examined. */
    public record Traffic(int maxRowsPerSecond, int maxPending) {}

    /**
     * How a watch over the stream sounds alarms.
     *
     * @param eventsPerFalseAlarm values that it sees between two false ones, where nothing changes
     * @param leaveOut features that sound none
     */
    public record Drift(int eventsPerFalseAlarm, List<String> leaveOut) {
        public Drift {
            leaveOut = List.copyOf(leaveOut);
        }
    }

    /**
     * How candidates are taken and judged.
     *
     * @param approval whether an operator has to let pass what the gate let pass
     * @param replaceWaiting how long a version waits for that before a newer one may take its place
     */
    public record Gate(
            int window,
            int minExamples,
            double standardErrors,
            double maxWorseNats,
            int candidateExamples,
            Duration candidateAge,
            Approval approval,
            Duration replaceWaiting) {}

    /** Whose word a version serves by. */
    public enum Approval {
        /** The gate's. */
        AUTOMATIC,
        /** The gate's, and then an operator's. */
        REQUIRED
    }

    /** How often the line is checkpointed, how many checkpoints stay, and how many more for rebuilds to begin at. */
    public record Checkpoint(Duration every, int keep, int keepForRebuilds) {}

    /** What a process does with a model. */
    public enum Role {
        /** Scores, learns, and announces its versions. */
        TRAINING,
        /** Scores with the versions that another process announces, and never learns. */
        SERVING
    }

    /**
     * How versions are announced to processes that only serve.
     *
     * @param inlineBytes files up to this size go into the topic, larger ones are named by their URI
     * @param baseUri what a file's name is put behind to make its URI; empty for the file where it lies
     * @param every time between announcements of what the gate promoted
     */
    public record Announcing(boolean on, String topic, int inlineBytes, String baseUri, Duration every) {}

    /** How many versions stay, and how long. */
    public record Versions(int keep, Duration keepFor) {}

    /** How scores are made. */
    public record Scoring(int threads, String instance, Duration commitInterval, int batchRows) {}

    static ModelConfig read(String name, Section model) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,63}")) {
            throw new ConfigException("headwater.models has a model named '" + name
                    + "', allowed are letters, digits, _ and -, beginning with a letter, at most 64");
        }
        return new ModelConfig(
                name,
                StreamBlocks.topics(name, model),
                StreamBlocks.fields(model),
                StreamBlocks.features(model),
                LearningBlocks.backbone(model),
                LearningBlocks.learner(model),
                LearningBlocks.source(model.sub("source")),
                LearningBlocks.training(model.sub("training")),
                LearningBlocks.adaptation(model),
                LearningBlocks.retention(model),
                ServiceBlocks.traffic(model.sub("traffic")),
                ServiceBlocks.drift(model),
                ServiceBlocks.gate(model.sub("gate")),
                ServiceBlocks.checkpoint(model.sub("checkpoint")),
                ServiceBlocks.versions(model.sub("versions")),
                ServiceBlocks.announcing(name, model.sub("versions")),
                ServiceBlocks.role(model),
                ServiceBlocks.scoring(model.sub("scoring")),
                model.without(DECIDE_NOTHING_LEARNED));
    }
}
