package io.headwater.config;

import io.headwater.config.ModelConfig.Announcing;
import io.headwater.config.ModelConfig.Approval;
import io.headwater.config.ModelConfig.Checkpoint;
import io.headwater.config.ModelConfig.Drift;
import io.headwater.config.ModelConfig.Gate;
import io.headwater.config.ModelConfig.Role;
import io.headwater.config.ModelConfig.Scoring;
import io.headwater.config.ModelConfig.Traffic;
import io.headwater.config.ModelConfig.Versions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The blocks of a model that say how a service scores, judges, keeps and announces, read and checked. */
final class ServiceBlocks {
    private ServiceBlocks() {}

    static Traffic traffic(Section traffic) {
        return new Traffic(
                traffic.integer("max-rows-per-second", 1, 10_000_000), traffic.integer("max-pending", 0, 10_000_000));
    }

    static Drift drift(Section model) {
        Section drift = model.sub("drift");
        Section features = model.sub("features");
        List<String> leftOut = drift.texts("leave-out");
        List<String> known = Stream.concat(features.texts("numeric").stream(), features.texts("categorical").stream())
                .toList();
        if (!known.containsAll(leftOut)) {
            throw drift.wrong("leave-out", "none but fields of features.numeric and features.categorical");
        }
        return new Drift(drift.integer("events-per-false-alarm", 1_000, 1_000_000_000), leftOut);
    }

    static Gate gate(Section gate) {
        int window = gate.integer("window", 2, 10_000_000);
        int minExamples = gate.integer("min-examples", 2, 10_000_000);
        if (minExamples > window) {
            throw gate.wrong(
                    "min-examples",
                    "a whole number from 2 to " + window + ", the gate.window",
                    List.of(gate.found("window")));
        }
        return new Gate(
                window,
                minExamples,
                gate.number("standard-errors", 0, 100),
                gate.number("max-worse", 0, 100),
                gate.integer("candidate-examples", 1, 10_000_000),
                gate.duration("candidate-age", Duration.ofMillis(10), Duration.ofHours(24)),
                gate.choice("approval", List.of("automatic", "required")).equals("required")
                        ? Approval.REQUIRED
                        : Approval.AUTOMATIC,
                gate.duration("replace-waiting", Duration.ZERO, Duration.ofDays(365)));
    }

    static Checkpoint checkpoint(Section checkpoint) {
        return new Checkpoint(
                checkpoint.duration("every", Duration.ofMillis(50), Duration.ofHours(1)),
                checkpoint.integer("keep", 2, 100),
                checkpoint.integer("keep-for-rebuilds", 0, 10_000));
    }

    static Versions versions(Section versions) {
        return new Versions(
                versions.integer("keep", 2, 1_000_000),
                versions.duration("keep-for", Duration.ofMinutes(1), Duration.ofDays(36_500)));
    }

    static Announcing announcing(String name, Section versions) {
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

    static Role role(Section model) {
        return model.choice("role", List.of("training", "serving")).equals("serving") ? Role.SERVING : Role.TRAINING;
    }

    static Scoring scoring(Section scoring) {
        return new Scoring(
                scoring.integer("threads", 1, 64),
                scoring.textOr("instance", host()),
                scoring.duration("commit-interval", Duration.ofMillis(1), Duration.ofSeconds(5)),
                scoring.integer("batch-rows", 1, 65_536));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
