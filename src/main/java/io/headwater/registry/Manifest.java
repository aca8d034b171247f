package io.headwater.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a version: where it came from, what it expects, and why it was let through.
 *
 * @param parent the champion when it was promoted; 0 for a source model
 * @param parentSequence the lineage step after which the parent was exported: where a rebuild of this one begins
 * @param createdMs milliseconds since the epoch, UTC
 * @param onnxSha256 SHA-256 (hex) of model.onnx
 * @param weightsSha256 SHA-256 (hex) over the learner's weights, as the lineage has it
 * @param sequence the lineage step after which the learner was exported; 0 for a source model
 * @param examplesLearned labelled examples that the line had learned by then
 * @param trafficExamined unlabelled events that the line had examined by then
 * @param positions next offset of each partition ("topic-number") that the line had taken in
 * @param cut the tensor right of which the graph is trained
 * @param features how an event becomes the graph's inputs
 * @param gate the figures that the verdict rested on, by name
 * @param verdict the gate's sentence
 * @param approver who let it serve: {@link AuditRecord#GATE}, or the operator who approved it;
 *     null while it waits for that
 * @param notes what the learner said of how it came to be, as whole sentences; empty where it said nothing
 * @param provenance seed, device, hashes of settings ({@link #SETTINGS}) and code, library, JVM, torch and ONNX Runtime
 */
// An older program reads what a newer one wrote.
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Manifest(
        String model,
        long version,
        long parent,
        long parentSequence,
        long createdMs,
        String onnxSha256,
        String weightsSha256,
        long sequence,
        long examplesLearned,
        long trafficExamined,
        Map<String, Long> positions,
        String cut,
        Features features,
        Map<String, Double> gate,
        String verdict,
        @Nullable String approver,
        String notes,
        Map<String, String> provenance) {

    /** The key of the settings' SHA-256 in {@link #provenance}: {@link VersionStore#settings} has them. */
    public static final String SETTINGS = "settings_sha256";

    public Manifest {
        // Manifests of before there were notes have none.
        notes = Objects.requireNonNullElse(notes, "");
        positions = Map.copyOf(positions);
        gate = Map.copyOf(gate);
        provenance = Map.copyOf(provenance);
    }

    /** The same, let through by {@code who}. */
    Manifest approvedBy(@Nullable String who) {
        return new Manifest(
                model,
                version,
                parent,
                parentSequence,
                createdMs,
                onnxSha256,
                weightsSha256,
                sequence,
                examplesLearned,
                trafficExamined,
                positions,
                cut,
                features,
                gate,
                verdict,
                who,
                notes,
                provenance);
    }

    /** The same, of a version that nobody has let through yet. */
    public Manifest unapproved() {
        return approvedBy(null);
    }

    /** SHA-256 (hex) of a model file, as {@link #onnxSha256} has it. */
    public static String sha256(byte[] onnx) {
        return DurableFiles.sha256(onnx);
    }

    /**
     * The part of scoring that is not in the graph.
     *
     * @param numeric columns of input "numeric", in order
     * @param categorical columns of input "categorical", in order
     * @param buckets hash buckets shared by all categorical columns
     * @param hashing the rule that makes a bucket of a value
     * @param text the field of text that a backbone reads
     * @param origin on a backbone: what makes the rows that the graph reads
     */
    public record Features(
            List<String> numeric,
            List<String> categorical,
            int buckets,
            String hashing,
            @Nullable String text,
            @Nullable String origin) {}
}
