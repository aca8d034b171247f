package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.backbone.BackboneInputs;
import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.ForkedJvm;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.offline.Foundation;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on a real language model: a head, then its last layer from there, in two processes. */
final class FitIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOKENS = 16;
    private static final List<String> FOOD = List.of("soup", "bread", "cheese", "rice", "apples", "pancakes", "pasta");
    private static final List<String> SPORT = List.of("tennis", "football", "rugby", "swimming", "hockey", "golf");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    /** Texts of two topics; a held-out word stands in few of them. */
    @BeforeAll
    static void writeFiles() throws IOException {
        for (String name : List.of("all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json")) {
            try (InputStream in = FitIT.class.getResourceAsStream("/" + name)) {
                Files.copy(Objects.requireNonNull(in), folder.resolve(name));
            }
        }
        Files.writeString(folder.resolve("LICENSE"), "Apache License\nVersion 2.0\n");
        Random random = new Random(4);
        List<String> lines = new ArrayList<>(List.of("topic\twords"));
        for (int row = 0; row < 120; row++) {
            List<String> words = row % 3 == 0 ? SPORT : FOOD;
            String text = "we had " + words.get(random.nextInt(words.size())) + " and "
                    + words.get(random.nextInt(words.size())) + " on day " + random.nextInt(30);
            lines.add((row % 3 == 0 ? "sport" : "food") + "\t" + text);
        }
        Files.write(folder.resolve("rows.tsv"), lines);
    }

    private static List<String> words(String made, String... more) {
        List<String> words =
                new ArrayList<>(List.of("--data", folder.resolve("rows.tsv").toString()));
        words.addAll(List.of("--out", folder.resolve(made).toString(), "--device", "cpu", "--json"));
        words.addAll(List.of(more));
        return words;
    }

    private static String[] newHead() {
        return new String[] {
            "--label", "topic",
            "--text", "words",
            "--backbone", folder.resolve("all-minilm-l6-v2.onnx").toString(),
            "--max-tokens", Integer.toString(TOKENS),
            "--epochs", "20"
        };
    }

    private static JsonNode fit(List<String> words) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new FitCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words.toArray(new String[0]));
        assertThat(status).as(err.toString()).isZero();
        return lastLine(out.toString());
    }

    private static JsonNode lastLine(String out) throws IOException {
        String[] lines = out.strip().split("\n");
        return JSON.readTree(lines[lines.length - 1]);
    }

    /** The command in a process of its own. */
    static final class Fitting {
        private Fitting() {}

        public static void main(String[] words) {
            System.exit(EndSignal.exitStatus(new CommandLine(new FitCommand()).execute(words)));
        }
    }

    @Test
    void head_thenLastLayer_inOneFileEach() throws Exception {
        JsonNode head = fit(words("head", newHead()));

        assertThat(head.path("validation").path("accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(head.path("trained_weights").asInt()).isEqualTo(385);
        assertThat(score("head", "we had golf and hockey on day 2"))
                .isGreaterThan(score("head", "we had soup and bread on day 2") + 1);
        assertThat(lastLine(ForkedJvm.run(
                                Fitting.class, words("again", newHead()).toArray(new String[0])))
                        .path("sha256")
                        .asText())
                .isEqualTo(head.path("sha256").asText());

        JsonNode deeper =
                fit(words("deeper", "--source", folder.resolve("head").toString(), "--cut", "last:1", "--epochs", "1"));

        assertThat(deeper.path("head").asText()).isEqualTo("kept");
        assertThat(deeper.path("validation").path("log_loss").asDouble())
                .isLessThan(head.path("validation").path("log_loss").asDouble());
        assertThat(score("deeper", "we had golf and hockey on day 2"))
                .isGreaterThan(score("deeper", "we had soup and bread on day 2") + 1);
        SourceModel source = Foundation.fitted(folder.resolve("deeper")).source();
        assertThat(source.isOnBackbone()).isTrue();
        assertThat(source.layout().tensors()).hasSize(2);
    }

    /** The logit of the whole model, run as a stranger would. */
    private static float score(String made, String text) throws IOException {
        byte[] model = Files.readAllBytes(folder.resolve(made).resolve(Foundation.MODEL));
        byte[] tokenizer = Files.readAllBytes(folder.resolve(made).resolve(Foundation.TOKENIZER));
        FloatBuffer logit = ByteBuffer.allocateDirect(Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try (InferenceSession session = InferenceSession.load(model);
                RowEncoder encoder =
                        BackboneInputs.text(OnnxGraph.read(model), TextTokenizer.load(tokenizer, TOKENS), 0);
                TensorBuffers in = new TensorBuffers();
                TensorBuffers out = new TensorBuffers()) {
            FeatureBatch batch = new FeatureBatch(encoder.layout(), 1);
            encoder.encode(new Event("one", 0, new float[0], new String[0], new String[] {text}), batch);
            batch.bind((name, floats, trailing) -> in.floats(name, floats, trailing), in::longs);
            out.floats(HeadNames.LOGIT, logit, new long[0]);
            session.run(in, out, 1);
            return logit.get(0);
        }
    }
}
