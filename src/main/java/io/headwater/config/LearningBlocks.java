package io.headwater.config;

import io.headwater.config.ModelConfig.Adaptation;
import io.headwater.config.ModelConfig.Backbone;
import io.headwater.config.ModelConfig.Learner;
import io.headwater.config.ModelConfig.Retention;
import io.headwater.config.ModelConfig.Source;
import io.headwater.config.ModelConfig.Training;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The blocks of a model that say what learns from its stream, and how, read and checked. */
final class LearningBlocks {
    private static final List<String> METHODS = List.of("none", "coral", "mmd", "dann", "cdan");

    private LearningBlocks() {}

    static Backbone backbone(Section model) {
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
            throw backbone.wrong(
                    "file",
                    "an ONNX language model, since features.text names a field of text",
                    List.of(features.found("text")));
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

    static Learner learner(Section model) {
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

    static Source source(Section source) {
        Source read = new Source(source.text("file"), source.text("model"), source.integer("sample", 2, 1_000_000));
        if (!read.file().isBlank() && !read.model().isBlank()) {
            throw source.wrong("model", "nothing where source.file names examples: one of the two");
        }
        return read;
    }

    static Training training(Section training) {
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
                training.number("statistics-half-life", 1, 1e15),
                training.flagOrAuto("calibrate"));
    }

    static Adaptation adaptation(Section model) {
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
                adaptation.integer("fade-labels", 0, 1_000_000_000),
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
                    "domain",
                    "the field that names an event's domain, since adaptation.source names source domains",
                    List.of(adaptation.found("source")));
        }
        if (!read.domain().isBlank() && read.sources().isEmpty()) {
            throw adaptation.wrong(
                    "source",
                    "at least one value of the field '" + read.domain() + "' that is a source domain; every other value"
                            + " is a target",
                    List.of(adaptation.found("domain")));
        }
        if (read.domain().equals(model.sub("labels").text("label"))) {
            throw adaptation.wrong("domain", "a field other than the label");
        }
        if (Set.copyOf(read.sources()).size() < read.sources().size()) {
            throw adaptation.wrong("source", "each source domain once");
        }
        return read;
    }

    static Retention retention(Section model) {
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
}
