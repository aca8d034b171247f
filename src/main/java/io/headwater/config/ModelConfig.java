package io.headwater.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

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
    private static final List<String> DECIDE_NOTHING_LEARNED =
            List.of("scoring", "topics", "scores", "dead-letters", "versions", "checkpoint", "source.file", "role");

    private static final List<String> METHODS = List.of("none", "coral", "mmd", "dann", "cdan");

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

    /** Where a record's parts are, and what format scores have. */
    public record Fields(String id, String time, String label, String labelTime, String scoreFormat) {}

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
                && retention.method().equals(Adaptation.NONE);
        return table ? Learner.MIXTURE : Learner.GRADIENT;
    }

    /**
     * Where the source model comes from: a file of examples to develop it on, or a folder with a developed one. Both
     * are empty where the registry already holds one.
     */
    public record Source(String file, String model, int sample) {}

    /** How the head is trained; what is empty depends on what it stands on. */
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
            double statisticsHalfLifeRows) {}

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
            boolean guard) {
        private static final String NONE = "none";

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

    /** How many values a watch over the stream sees between two false alarms, where nothing changes. */
    public record Drift(int eventsPerFalseAlarm) {}

    /** How candidates are taken and judged. */
    public record Gate(
            int window,
            int minExamples,
            double standardErrors,
            double maxWorseNats,
            int candidateExamples,
            Duration candidateAge) {}

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
                topics(name, model),
                fields(model),
                features(model.sub("features")),
                backbone(model),
                learner(model),
                source(model.sub("source")),
                training(model.sub("training")),
                adaptation(model),
                retention(model),
                new Traffic(
                        model.sub("traffic").integer("max-rows-per-second", 1, 10_000_000),
                        model.sub("traffic").integer("max-pending", 0, 10_000_000)),
                new Drift(model.sub("drift").integer("events-per-false-alarm", 1_000, 1_000_000_000)),
                gate(model.sub("gate")),
                new Checkpoint(
                        model.sub("checkpoint").duration("every", Duration.ofMillis(50), Duration.ofHours(1)),
                        model.sub("checkpoint").integer("keep", 2, 100),
                        model.sub("checkpoint").integer("keep-for-rebuilds", 0, 10_000)),
                new Versions(
                        model.sub("versions").integer("keep", 2, 1_000_000),
                        model.sub("versions").duration("keep-for", Duration.ofMinutes(1), Duration.ofDays(36_500))),
                announcing(name, model.sub("versions")),
                model.choice("role", List.of("training", "serving")).equals("serving") ? Role.SERVING : Role.TRAINING,
                new Scoring(
                        model.sub("scoring").integer("threads", 1, 64),
                        model.sub("scoring").textOr("instance", host()),
                        model.sub("scoring").duration("commit-interval", Duration.ofMillis(1), Duration.ofSeconds(10)),
                        model.sub("scoring").integer("batch-rows", 1, 65_536)),
                model.without(DECIDE_NOTHING_LEARNED));
    }

    private static Announcing announcing(String name, Section versions) {
        return new Announcing(
                versions.flag("announce"),
                versions.textOr("topic", name + ".versions"),
                (int) versions.bytes("inline-bytes", 0, 16 << 20),
                versions.matching(
                        "base-uri",
                        "|(https?|file)://?.+",
                        "nothing, or an address that begins with http, https or file"),
                versions.duration("announce-every", Duration.ZERO, Duration.ofHours(1)));
    }

    private static String host() {
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException e) {
            return "localhost";
        }
    }

    private static Topics topics(String name, Section model) {
        Section made = model.sub("topics");
        Map<String, String> keyOf = new HashMap<>();
        for (String key : List.of("events", "labels", "scores", "dead-letters", "lineage", "versions")) {
            String topic = model.sub(key).textOr("topic", name + "." + key);
            if (!topic.matches("[A-Za-z0-9._-]{1,249}") || topic.matches("\\.{1,2}")) {
                throw model.sub(key).wrong("topic", "letters, digits, '.', '_' and '-', at most 249");
            }
            String other = keyOf.putIfAbsent(topic, key);
            if (other != null) {
                // Scores or dead letters that flow back in as events would never end.
                throw model.sub(key).wrong("topic", "a topic of its own; " + other + " has " + topic + " already");
            }
        }
        return new Topics(
                model.sub("events").textOr("topic", name + ".events"),
                model.sub("labels").textOr("topic", name + ".labels"),
                model.sub("scores").textOr("topic", name + ".scores"),
                model.sub("dead-letters").textOr("topic", name + ".dead-letters"),
                model.sub("lineage").textOr("topic", name + ".lineage"),
                made.flag("create"),
                made.integer("partitions", 1, 10_000),
                (short) made.integer("replication", 1, 100));
    }

    private static Fields fields(Section model) {
        Section events = model.sub("events");
        events.choice("format", List.of("json"));
        return new Fields(
                events.filled("id"),
                events.filled("time"),
                model.sub("labels").filled("label"),
                model.sub("labels").text("time"),
                model.sub("scores").choice("format", List.of("json", "avro")));
    }

    private static Features features(Section features) {
        List<String> numeric = features.texts("numeric");
        List<String> categorical = features.texts("categorical");
        String text = features.text("text");
        if (numeric.isEmpty() && categorical.isEmpty() && text.isBlank()) {
            throw features.wrong("numeric", "at least one field name, here, in categorical or in text");
        }
        boolean weekday = features.flag("weekday");
        if (weekday && categorical.contains("weekday")) {
            throw features.wrong("weekday", "false where a field of that name is among the categorical ones");
        }
        Set<String> seen = new HashSet<>();
        if (!text.isBlank()) {
            seen.add(text);
        }
        for (String key : List.of("numeric", "categorical")) {
            for (String field : features.texts(key)) {
                if (field.isBlank() || !seen.add(field)) {
                    throw features.wrong(key, "each field once; '" + field + "' is blank or named twice");
                }
            }
        }
        return new Features(
                numeric,
                categorical,
                features.flag("time-of-day"),
                weekday,
                features.integer("buckets", 2, 1 << 24),
                features.integer("numeric-bins", 0, 256),
                text,
                features.integer("max-tokens", 3, 1 << 14));
    }

    private static Backbone backbone(Section model) {
        Section backbone = model.sub("backbone");
        Backbone read = new Backbone(
                backbone.text("file"),
                backbone.filled("cut"),
                backbone.text("head-on"),
                backbone.text("tokenizer"),
                backbone.texts("licences"),
                model.sub("head").integers("hidden", 1, 65_536));
        Section features = model.sub("features");
        boolean fitted = !model.sub("source").text("model").isBlank();
        if (!read.isUsed() && !fitted && !features.text("text").isBlank()) {
            throw backbone.wrong("file", "an ONNX language model, since features.text names a field of text");
        }
        if (read.isUsed() && !features.texts("categorical").isEmpty()) {
            throw features.wrong("categorical", "no field, since backbones read text or numbers");
        }
        if (read.isUsed()
                && !features.text("text").isBlank()
                && !features.texts("numeric").isEmpty()) {
            throw features.wrong(
                    "numeric", "no field where features.text names one: a backbone reads one or the other");
        }
        return read;
    }

    private static Learner learner(Section model) {
        List<String> words = Arrays.stream(Learner.values()).map(Learner::word).toList();
        Learner read = Learner.values()[words.indexOf(model.choice("learner", words))];
        boolean net = !model.sub("backbone").text("file").isBlank()
                || !model.sub("source").text("model").isBlank();
        if (read == Learner.MIXTURE && net) {
            throw model.wrong(
                    "learner", "gradient or auto where backbone.file or source.model names a net: a mixture is none");
        }
        return read;
    }

    private static Source source(Section source) {
        Source read = new Source(source.text("file"), source.text("model"), source.integer("sample", 2, 1_000_000));
        if (!read.file().isBlank() && !read.model().isBlank()) {
            throw source.wrong("model", "nothing where source.file names examples: one of the two");
        }
        return read;
    }

    private static Training training(Section training) {
        return new Training(
                training.matching("device", "auto|cpu|gpu:[0-9]+", "auto, cpu or gpu:N"),
                training.seed("seed"),
                training.integer("batch-size", 1, 1024),
                training.duration("batch-age", Duration.ofMillis(1), Duration.ofHours(1)),
                training.numberOrAuto("learning-rate", 0, 1),
                training.number("backbone-factor", 1e-6, 1),
                training.number("layer-decay", 1e-6, 1),
                training.integerOrAuto("steps", 1, 1000),
                training.number("weight-decay", 0, 10),
                training.number("clip-norm", 1e-6, 1e6),
                training.number("intercept-rate", 0, 10),
                training.integer("replay-rows", 0, 10_000_000),
                training.integer("recent-rows", 0, 1_000_000),
                training.bytes("replay-bytes", 1 << 10, 1L << 31),
                training.choice("replay", List.of("uniform", "class-balanced", "age-stratified")),
                training.number("statistics-half-life", 1, 1e15));
    }

    private static Adaptation adaptation(Section model) {
        Section adaptation = model.sub("adaptation");
        Adaptation read = new Adaptation(
                adaptation.choice("method", METHODS),
                adaptation.numberOrAuto("lambda", 0, 1e6),
                adaptation.textOr("domain", ""),
                adaptation.texts("source"),
                adaptation.integer("max-targets", 1, 1_000),
                adaptation.integer("rows", 2, 4_096),
                adaptation.integer("source-rows", 2, 1_000_000),
                adaptation.integer("ramp-steps", 1, 1_000_000_000),
                adaptation.flag("guard"));
        if (read.isUsed() && learner(model) == Learner.MIXTURE) {
            throw adaptation.wrong(
                    "method",
                    "none where learner is mixture: a term acts on a hidden layer that trains, and a mixture has none");
        }
        Section backbone = model.sub("backbone");
        boolean headAlone =
                !backbone.text("file").isBlank() && backbone.text("cut").equals("head");
        if (read.isUsed() && headAlone) {
            throw adaptation.wrong(
                    "method",
                    "none where backbone.cut is head: all that a term could align is frozen and has no gradient");
        }
        if (read.domain().isBlank() && !read.sources().isEmpty()) {
            throw adaptation.wrong(
                    "domain", "the field that names an event's domain, since adaptation.source names source domains");
        }
        if (!read.domain().isBlank() && read.sources().isEmpty()) {
            throw adaptation.wrong(
                    "source",
                    "at least one value of the field '" + read.domain() + "' that is a source domain; every other value"
                            + " is a target");
        }
        if (read.domain().equals(model.sub("labels").text("label"))) {
            throw adaptation.wrong("domain", "a field other than the label");
        }
        if (Set.copyOf(read.sources()).size() < read.sources().size()) {
            throw adaptation.wrong("source", "each source domain once");
        }
        return read;
    }

    private static Retention retention(Section model) {
        Section retention = model.sub("retention");
        Retention read = new Retention(
                retention.choice("method", List.of(Adaptation.NONE, "l2-sp", "ewc", "distillation")),
                retention.numberOrAuto("strength", 0, 1e9),
                retention.integer("every", 1, 1_000_000_000));
        boolean used = !read.method().equals(Adaptation.NONE);
        if (used && learner(model) == Learner.MIXTURE) {
            throw retention.wrong(
                    "method", "none where learner is mixture: it holds a net to its weights, and a mixture is none");
        }
        if (used && read.strength().orElse(1) == 0) {
            throw retention.wrong("strength", "auto or a number above 0; with 0 the method would do nothing");
        }
        return read;
    }

    private static Gate gate(Section gate) {
        int window = gate.integer("window", 2, 10_000_000);
        return new Gate(
                window,
                gate.integer("min-examples", 2, window),
                gate.number("standard-errors", 0, 100),
                gate.number("max-worse", 0, 100),
                gate.integer("candidate-examples", 1, 10_000_000),
                gate.duration("candidate-age", Duration.ofMillis(10), Duration.ofHours(24)));
    }
}
