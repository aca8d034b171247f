package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.actors.app.Headwater;
import io.headwater.fault.KillPoint;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code headwater serve} as a process of its own, which may stand still at a kill point. */
final class ServedProcess implements AutoCloseable {
    /** Generous: on a busy machine a start alone takes half a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final Path log;
    private final Path marker;

    private ServedProcess(Process process, Path log, Path marker) {
        this.process = process;
        this.log = log;
        this.marker = marker;
    }

    /** Where a process stood when it was killed: the point, its arrival, the thread and the calls it was in. */
    record Stood(String at, String thread, List<String> calls) {
        boolean isIn(String call) {
            return calls.stream().anyMatch(entry -> entry.endsWith(call));
        }
    }

    /** A process that runs until it is asked to stop. */
    static ServedProcess start(Path config, Path log) throws IOException {
        return start(config, log, "");
    }

    /** A process that stands still where {@code point} is passed for the {@code arrival}th time. */
    static ServedProcess standingAt(KillPoint point, int arrival, Path config, Path log) throws IOException {
        return start(config, log, point + ":" + arrival + ":" + marker(log));
    }

    private static Path marker(Path log) {
        return log.resolveSibling(log.getFileName() + ".marker");
    }

    private static ServedProcess start(Path config, Path log, String killPoint) throws IOException {
        List<String> options = new ArrayList<>();
        if (!killPoint.isEmpty()) {
            options.add("-D" + KillPoint.PROPERTY + "=" + killPoint);
        }
        Process process = java(log, options, Headwater.class, "serve", "--config", config.toString())
                .start();
        return new ServedProcess(process, log, marker(log));
    }

    /** A JVM that starts quickly, on this test's classes. */
    static ProcessBuilder java(Path log, List<String> options, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dheadwater.home=" + System.getProperty("headwater.home", "target/headwater")));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(log.toFile()).redirectOutput(new File(log + ".out"));
        builder.environment()
                .putAll(Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive", "ORT_DISABLE_TELEMETRY", "1"));
        return builder;
    }

    /** Waits until the process stands still at its point. */
    Stood awaitStandstill() throws IOException {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(marker) || !process.isAlive());
        assertThat(process.isAlive()).as(log()).isTrue();
        List<String> lines = Files.readAllLines(marker);
        return new Stood(lines.get(0), lines.get(1), lines.subList(2, lines.size()));
    }

    /** Lets the thread that stands still go on. */
    void goOn() throws IOException {
        Files.delete(marker);
    }

    /** Waits until {@code sentence} is in the process' log. */
    void awaitLog(String sentence) throws IOException {
        await().atMost(PATIENCE).until(() -> log().contains(sentence) || !process.isAlive());
        assertThat(log()).contains(sentence);
    }

    /** SIGSTOP: no thread of the process moves. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT: all go on. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    /** SIGKILL: no hook, no finally block, nothing flushed. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        assertThat(process.exitValue()).as("exit status of SIGKILL").isEqualTo(128 + 9);
    }

    /** SIGTERM: the process finishes what is in hand. */
    void stop() throws InterruptedException, IOException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        assertThat(process.exitValue()).as(log()).isEqualTo(128 + 15);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end that the process comes to by itself. */
    int awaitExit() throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(log())
                .isTrue();
        return process.exitValue();
    }

    /** How often {@code sentence} is in the process' log. */
    int said(String sentence) throws IOException {
        return log().split(Pattern.quote(sentence), -1).length - 1;
    }

    /** What the process' API answers, whatever the status. */
    String http(String path) throws IOException, InterruptedException {
        Matcher address = Pattern.compile("listening on (\\S+)").matcher(log());
        assertThat(address.find()).as(log()).isTrue();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address.group(1)).resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Everything the process said. */
    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8) + Files.readString(Path.of(log + ".out"));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
