package io.headwater;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rooms of Headwater as data: for each package under {@code io.headwater} its floor and the rooms that it may
 * import. A new room is one line here.
 */
final class Rooms {
    static final String ROOT = "io.headwater";

    /** One package under {@link #ROOT}. It imports from {@code mayImport} only, and all of those stand below it. */
    record Room(int floor, String name, Set<String> mayImport) {}

    static final List<Room> ALL = List.of(
            room(0, "spelling"),
            room(0, "fault"),
            room(1, "event"),
            room(1, "graph", "spelling"),
            room(1, "drift"),
            room(1, "config", "spelling"),
            room(1, "metrics"),
            room(2, "codec", "event"),
            room(2, "feature", "event"),
            room(2, "ort"),
            room(2, "torch", "fault", "graph"),
            room(2, "gate", "event"),
            room(2, "registry", "fault"),
            room(2, "dataset", "spelling", "event"),
            room(3, "backbone", "event", "feature", "graph", "ort"),
            room(3, "learn", "event", "feature", "graph", "ort", "torch", "gate"),
            room(3, "serve", "fault", "event", "feature", "ort"),
            room(3, "join", "event", "codec"),
            room(4, "line", "fault", "event", "codec", "feature", "ort", "learn", "gate", "drift", "registry"),
            room(
                    4,
                    "offline",
                    "spelling",
                    "event",
                    "feature",
                    "backbone",
                    "graph",
                    "ort",
                    "torch",
                    "learn",
                    "gate",
                    "drift",
                    "registry",
                    "dataset"),
            room(4, "api", "registry", "metrics"),
            room(5, "kafka", "fault", "event", "drift", "codec", "registry", "serve", "line"),
            everythingBelow(6, "cli"),
            everythingBelow(7, "actors"));

    /** Packages of a library, those in {@code except} aside, that only the named packages of ours may see. */
    record Confined(String library, List<String> except, List<String> to) {
        Confined(String library, List<String> to) {
            this(library, List.of(), to);
        }
    }

    /**
     * {@code learn.gradient} alone sees the torch room, so that no other learner grows a native dependency. Losses are
     * written on DJL's tensors; the engine behind those stays in the torch room, and the feature room
     * sees DJL's tokenizers but no tensor.
     */
    static final List<Confined> LIBRARIES = List.of(
            new Confined("akka..", List.of("actors")),
            new Confined(
                    "ai.djl..",
                    List.of("ai.djl.huggingface.."),
                    List.of("torch", "learn.gradient", "learn.adapt", "learn.retain")),
            new Confined("ai.djl.huggingface..", List.of("feature")),
            new Confined("ai.djl.pytorch..", List.of("torch")),
            new Confined("ai.onnxruntime..", List.of("ort")),
            new Confined("org.apache.kafka..", List.of("kafka", "join", "cli", "actors")),
            new Confined("kafka..", List.of("kafka")),
            new Confined("io.micrometer..", List.of("metrics")),
            new Confined("io.prometheus..", List.of("metrics")),
            new Confined("com.linecorp.armeria..", List.of("api")),
            new Confined("org.apache.parquet..", List.of("dataset")),
            new Confined("de.siegmar.fastcsv..", List.of("dataset")),
            new Confined("org.apache.james.mime4j..", List.of("dataset")),
            new Confined("org.jsoup..", List.of("dataset")),
            new Confined("picocli..", List.of("cli", "actors.app")),
            new Confined(
                    ROOT + ".torch..",
                    List.of("torch", "learn.gradient", "learn.adapt", "learn.retain", "offline", "cli", "actors")));

    private static final Map<String, Room> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Room::name, Function.identity()));

    private Rooms() {}

    static Map<String, Room> byName() {
        return BY_NAME;
    }

    /** The floor of a room, or nothing for a name that is no room. */
    static OptionalInt floorOf(String name) {
        Room room = BY_NAME.get(name);
        return room == null ? OptionalInt.empty() : OptionalInt.of(room.floor());
    }

    private static Room room(int floor, String name, String... mayImport) {
        return new Room(floor, name, Set.copyOf(Arrays.asList(mayImport)));
    }

    private static Room everythingBelow(int floor, String name) {
        return new Room(floor, name, Set.of("*"));
    }
}
