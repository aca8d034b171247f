package io.headwater.offline.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Progress;
import io.headwater.graph.HeadNames;
import io.headwater.learn.adapt.Mmd;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdaptedModelTest {
    private static final int ROWS = 120;
    private static final int WORDS = 30;
    private static final float CLOSE = 1e-5f;
    private static final AdaptRun.Settings SETTINGS =
            new AdaptRun.Settings(16, new DomainTrainer.Settings(3e-3, 1e-2, 32, 4));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void modelOfCounts_withTheAutoencoder_scoresRowsOfTheFile_asTheNetDoes() throws IOException, DatasetException {
        float[] raw = counts("a.svmlight", 1);
        counts("b.svmlight", 2);
        Domains domains = read("a.svmlight", "b.svmlight", "a.svmlight", Optional.empty());
        Representation rows = Representation.autoencoded(domains, new Msda.Settings(3, 0.5, 20, 12), 1, () -> true);
        assertThat(rows.layers()).hasSize(3);
        assertScoresAreTheNets(rows, raw);
    }

    /** Words 0 to 9 are in praise, 10 to 19 in complaints; each word is in some row, in order, so that columns are words. */
    private float[] counts(String name, long seed) throws IOException {
        Random random = new Random(seed);
        float[] raw = new float[ROWS * WORDS];
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            boolean praise = row % 2 == 0;
            StringBuilder line = new StringBuilder(praise ? "1" : "-1");
            for (int word = 0; word < WORDS; word++) {
                boolean often = word < 20 && (word < 10) == praise;
                if (row == 0 || random.nextDouble() < (often ? 0.4 : 0.1)) {
                    raw[row * WORDS + word] = 1 + random.nextInt(5);
                    line.append(' ').append(word + 1).append(':').append((int) raw[row * WORDS + word]);
                }
            }
            lines.add(line.toString());
        }
        Files.write(folder.resolve(name), lines);
        return raw;
    }

    @Test
    void modelOfATable_scalesInside_missingAndInfiniteNumbersToo() throws IOException, DatasetException {
        table("a.csv", 3);
        table("b.csv", 4);
        Domains domains = read("a.csv", "b.csv", "a.csv", Optional.of("label"));
        assertThat(domains.encoding().values())
                .containsExactly(new RowEncoding.Value("shop", "north"), new RowEncoding.Value("shop", "south"));
        float[] raw = new float[ROWS * 4];
        List<String> lines = Files.readAllLines(folder.resolve("a.csv"));
        for (int row = 0; row < ROWS; row++) {
            String[] cells = lines.get(row + 1).split(",");
            raw[4 * row] = cells[0].isEmpty() ? Float.NaN : Float.parseFloat(cells[0]);
            raw[4 * row + 1] = Float.parseFloat(cells[1]);
            raw[4 * row + 2] = cells[2].equals("north") ? 1 : 0;
            raw[4 * row + 3] = cells[2].equals("south") ? 1 : 0;
        }
        Representation rows = Representation.plain(domains);
        assertScoresAreTheNets(rows, raw);
        Representation recoloured = Representation.recoloured(domains);
        AdaptRun.Outcome exact = new AdaptRun(recoloured, SETTINGS, TorchDevice.CPU, 1).runExact();
        AdaptNet corrected = LabelShift.correct(recoloured, List.of(), exact, TorchDevice.CPU)
                .corrected()
                .net();
        assertScoresAreTheNets(recoloured, exact.net(), raw);
        assertScoresAreTheNets(recoloured, corrected, raw);
        float[] missing = scores(rows, net(rows), new float[] {Float.NaN, 20_000_000, 1, 0});
        assertThat(scores(rows, net(rows), new float[] {Float.POSITIVE_INFINITY, 20_000_000, 1, 0}))
                .isEqualTo(missing);
    }

    /** The day is far from 0 for its deviation, so that floats have few digits left of it. */
    private void table(String name, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("x,day,shop,label"));
        for (int row = 0; row < ROWS; row++) {
            lines.add((row % 7 == 0 ? "" : String.valueOf(random.nextInt(100) / 10.0)) + ","
                    + (20_000_000 + 2 * random.nextInt(50)) + "," + (row % 3 == 0 || row == 1 ? "north" : "south") + ","
                    + (row % 2 == 0 ? "yes" : "no"));
        }
        Files.write(folder.resolve(name), lines);
    }

    private Domains read(String source, String target, String test, Optional<String> label) throws DatasetException {
        return DomainFiles.read(
                folder.resolve(source), folder.resolve(target), folder.resolve(test), label, Progress.NONE);
    }

    private static AdaptNet net(Representation rows) {
        return new AdaptRun(rows, SETTINGS, TorchDevice.CPU, 1)
                .run(Optional.of(new Mmd()), 1, DomainTrainer.Watcher.NONE)
                .net();
    }

    private static void assertScoresAreTheNets(Representation rows, float[] raw) {
        assertScoresAreTheNets(rows, net(rows), raw);
    }

    private static void assertScoresAreTheNets(Representation rows, AdaptNet net, float[] raw) {
        int[] all = IntStream.range(0, ROWS).toArray();
        try (NetOutputs outputs = new NetOutputs(net, rows.test().layout(), TorchDevice.CPU)) {
            float[] wanted = outputs.logits(rows.test(), all);
            assertThat(scores(rows, net, raw)).containsExactly(wanted, within(CLOSE));
            assertThat(wanted[0]).isNotCloseTo(wanted[1], within(10 * CLOSE));
        }
    }

    /** By ONNX Runtime, of rows as they are in the file. */
    private static float[] scores(Representation rows, AdaptNet net, float[] raw) {
        int width = rows.domains().encoding().width();
        int count = raw.length / width;
        FloatBuffer in = direct(raw.length).put(0, raw);
        FloatBuffer out = direct(count);
        try (InferenceSession session = InferenceSession.load(AdaptedModel.graph(rows, net));
                TensorBuffers inputs = new TensorBuffers();
                TensorBuffers outputs = new TensorBuffers()) {
            session.run(inputs.floats(AdaptNet.ROWS, in, width), outputs.floats(HeadNames.LOGIT, out), count);
        }
        float[] found = new float[count];
        out.get(0, found);
        return found;
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Test
    void folder_saysWhatTheColumnsAre_andIsNotOverwritten() throws IOException, DatasetException {
        table("a.csv", 3);
        table("b.csv", 4);
        AdaptSettings asked = new AdaptSettings(
                List.of(folder.resolve("a.csv")),
                folder.resolve("b.csv"),
                folder.resolve("b.csv"),
                Optional.of("label"),
                AdaptMethod.MMD,
                OptionalDouble.of(0.5),
                SETTINGS,
                false,
                1,
                Optional.of(folder.resolve("model")));
        AdaptReport report = new Adaptation(asked, AdaptWatcher.NONE, TorchDevice.CPU).run();
        JsonNode manifest = new ObjectMapper()
                .readTree(folder.resolve("model/manifest.json").toFile());
        assertThat(manifest.get("columns").findValuesAsText("name")).containsExactly("x", "day", "shop", "shop");
        assertThat(manifest.get("columns").findValuesAsText("is_1_where")).containsExactly("north", "south");
        assertThat(manifest.get("model_sha256").asText())
                .isEqualTo(report.written().orElseThrow().sha256());
        assertThat(manifest.get("lambda").asDouble()).isEqualTo(0.5);
        assertThatThrownBy(() -> new Adaptation(asked, AdaptWatcher.NONE, TorchDevice.CPU).run())
                .hasMessageContaining("is there already");
    }
}
