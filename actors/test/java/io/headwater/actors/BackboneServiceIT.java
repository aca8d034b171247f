package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.headwater.actors.RunningService.Records;
import io.headwater.actors.app.Headwater;
import io.headwater.backbone.BackboneInputs;
import io.headwater.cli.FitCommand;
import io.headwater.cli.ModelsCommand;
import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Score;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.OnnxModel;
import io.headwater.line.Recovery;
import io.headwater.metrics.HeadwaterMetrics;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The service on a real backbone, all-MiniLM-L6-v2: the frozen part stays, suffixes are learned, judged and swapped. */
class BackboneServiceIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String EAGER = "gate { min-examples = 32, candidate-examples = 32, max-worse = 10 }";
    private static final int SOURCE = 60;

    @TempDir
    Path work;

    private Path model;

    @BeforeEach
    void backbone() throws Exception {
        model = work.resolve("mini.onnx");
        copy("/all-minilm-l6-v2.onnx", model);
        copy("/all-minilm-l6-v2-tokenizer.json", work.resolve("mini-tokenizer.json"));
    }

    private static void copy(String resource, Path to) throws Exception {
        try (InputStream in = BackboneServiceIT.class.getResourceAsStream(resource)) {
            Files.copy(Objects.requireNonNull(in, resource), to);
        }
    }

    private Records records(String cut) {
        return new Records(
                "features { text = body, max-tokens = 16 }, backbone { file = \"" + model + "\", cut = \"" + cut
                        + "\" }",
                n -> record(n, ""),
                n -> record(n, ",\"label\":" + label(n)));
    }

    private static int label(int n) {
        return Math.floorMod(n, 3) == 0 ? 1 : 0;
    }

    private static String record(int n, String label) {
        String body = label(n) == 1 ? "win a free prize now, claim offer " + n : "shall we meet for lunch at " + n;
        return "{\"id\":\"t" + n + "\",\"time\":" + (1_000_000 + n) + ",\"body\":\"" + body + "\"" + label + "}";
    }

    @ParameterizedTest
    @CsvSource({"head, none", "last:1, mmd"})
    void suffixesGoLive_whileEveryEventIsScoredOnce_andTheLineCanBeRebuilt(String cut, String method) throws Exception {
        int events = 192;
        String settings = EAGER + ", adaptation { method = " + method + ", rows = 16, ramp-steps = 4 }";
        RunningService running = RunningService.start(work, records(cut), SOURCE, settings);
        try (running) {
            for (int n = 0; n < events; n += 64) {
                running.sendEvents(n, n + 64);
                running.sendLabels(n, n + 64);
            }
            assertThat(running.service().awaitLearned(RunningService.MODEL, events, LONG))
                    .isTrue();
            List<Score> scores = running.scores(events, LONG);

            assertThat(RunningService.counts(scores)).hasSize(events);
            assertThat(scores).hasSize(events).extracting(Score::version).isSorted();
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).promoted() >= 2);
            assertThat(scores.stream().filter(score -> label(number(score)) == 1))
                    .allMatch(score -> score.score() > 0.5);
            // A version holds what trains, and the backbone lies beside it once.
            assertThat(Files.size(running.modelFolder().resolve("2").resolve("model.onnx")))
                    .isLessThan(Files.size(model) / 4);
            assertThat(Files.size(running.modelFolder().resolve("source").resolve("model.onnx")))
                    .isGreaterThan(Files.size(model) / 2);
            Score last = scores.get(scores.size() - 1);
            assertThat(exported(running, last.version(), records(cut).event().apply(number(last))))
                    .isCloseTo(last.score(), within(1e-4f));
            running.stopService();

            ModelParts parts = new ModelParts(
                    running.config(),
                    running.config().models().get(0),
                    new HeadwaterMetrics("test"),
                    Clock.systemUTC());
            assertThat(Files.readString(running.modelFolder().resolve("2").resolve("manifest.json")))
                    .contains(method.equals("none") ? "\"notes\" : \"\"" : method);
            Recovery.Replayed replayed = UninterruptedLine.replay(parts);
            assertThat(replayed.firstDifference()).isZero();
            assertThat(replayed.steps()).isGreaterThan(6);
        }
    }

    /** What the version says of the event as one self-contained file, written while the service runs. */
    private float exported(RunningService running, long version, String event) throws Exception {
        Path file = work.resolve("exported.onnx");
        StringWriter errors = new StringWriter();
        int exit = new CommandLine(new ModelsCommand(Headwater::rebuild))
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(
                        "export",
                        "--model",
                        "m",
                        "--version",
                        "" + version,
                        "--work",
                        work.toString(),
                        "--out",
                        "" + file);
        assertThat(exit).as(errors.toString()).isZero();
        OnnxGraph graph = OnnxGraph.read(file, OnnxGraph.MAX_BYTES);
        byte[] tokenizer = Files.readAllBytes(work.resolve("mini-tokenizer.json"));
        EventLayout layout = new EventLayout(List.of(), List.of(), List.of("body"));
        EventCodec codec = new JsonEventCodec(layout, new RecordFields("id", "time", "label", null));
        try (RowEncoder encoder = BackboneInputs.text(graph, TextTokenizer.load(tokenizer, 16), 0);
                Featurizer rows = new EncodedRows(encoder, 1);
                OnnxModel model = new OnnxModel(graph.toBytes(), rows.batch())) {
            rows.encode(List.of(((Decoded.Ok<Event>) codec.event(event.getBytes(StandardCharsets.UTF_8))).value()));
            float[] logit = new float[1];
            model.logits(logit);
            return (float) (1 / (1 + Math.exp(-logit[0])));
        }
    }

    private static int number(Score score) {
        return Integer.parseInt(score.id().substring(1));
    }

    @Test
    void restart_goesOnFromTheKeptBackbone_evenWhereTheUsersFileIsGone() throws Exception {
        try (RunningService running = RunningService.start(work, records("head"), SOURCE, EAGER)) {
            running.sendLabels(0, 64);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 64, LONG))
                    .isTrue();
            Files.delete(model);

            running.restart();
            running.sendEvents(64, 96);
            running.sendLabels(64, 128);

            assertThat(running.service().awaitLearned(RunningService.MODEL, 64, LONG))
                    .isTrue();
            assertThat(running.scores(32, LONG)).hasSize(32);
        }
    }

    @Test
    void fittedModel_isVersionOne_andLearnsOn() throws Exception {
        Path table = work.resolve("past.csv");
        List<String> lines = new ArrayList<>(List.of("label,body"));
        for (int n = 1; n <= SOURCE; n++) {
            lines.add(label(-n) + "," + (label(-n) == 1 ? "win a free prize now " : "shall we meet for lunch ") + n);
        }
        Files.write(table, lines);
        Path fitted = work.resolve("fitted");
        assertThat(new CommandLine(new FitCommand())
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute(
                                "--data",
                                "" + table,
                                "--label",
                                "label",
                                "--text",
                                "body",
                                "--backbone",
                                "" + model,
                                "--max-tokens",
                                "16",
                                "--epochs",
                                "5",
                                "--out",
                                "" + fitted))
                .isZero();
        Records records = new Records(
                "features { text = body, max-tokens = 16 }",
                n -> record(n, ""),
                n -> record(n, ",\"label\":" + label(n)));

        String from = ", source { file = \"\", model = \"" + fitted + "\" }";
        try (RunningService running = RunningService.start(work, records, 1, EAGER + from)) {
            running.sendEvents(0, 32);
            running.sendLabels(0, 64);

            assertThat(running.service().awaitLearned(RunningService.MODEL, 64, LONG))
                    .isTrue();
            assertThat(running.scores(32, LONG)).hasSize(32).allMatch(score -> score.version() >= 1);
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).promoted() >= 1);
        }
    }

    @Test
    void anotherCut_onTheSameVersions_stopsTheStart() throws Exception {
        RunningService.start(work, records("head"), SOURCE, EAGER).close();

        assertThatThrownBy(() -> RunningService.start(work, records("last:1"), SOURCE, EAGER))
                .hasMessageContaining("backbone.cut is last:1, but the versions of the model in")
                .hasMessageContaining("are cut at head");
    }
}
