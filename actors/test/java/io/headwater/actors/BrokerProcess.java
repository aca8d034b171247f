package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.kafka.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own, which can be killed under its clients and comes back at the same address. */
final class BrokerProcess implements AutoCloseable {
    private static final String UP = "broker ";

    private final Path folder;
    private Process process;
    private final String bootstrapServers;
    private int lives = 1;

    private BrokerProcess(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.process = launch(folder, lives);
        this.bootstrapServers = awaitUp(process, folder, lives);
    }

    static BrokerProcess start(Path folder) throws IOException {
        return new BrokerProcess(folder);
    }

    /** The process: a broker until it is ended. */
    public static void main(String[] args) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]));
        System.out.println(UP + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }

    private static Process launch(Path folder, int life) throws IOException {
        return ServedProcess.java(log(folder, life), List.of(), BrokerProcess.class, folder.toString())
                .start();
    }

    private static Path log(Path folder, int life) {
        return folder.resolve("broker-" + life + ".log");
    }

    /** Waits until the process says where it listens. */
    private static String awaitUp(Process process, Path folder, int life) throws IOException {
        Path log = log(folder, life);
        Path out = Path.of(log + ".out");
        await().atMost(Duration.ofMinutes(2)).until(() -> Files.readString(out).startsWith(UP) || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        return Files.readString(out).substring(UP.length()).strip();
    }

    /** SIGKILL, and a new process on the same files and port. */
    void killAndRestart() throws IOException, InterruptedException {
        close();
        process = launch(folder, ++lives);
        assertThat(awaitUp(process, folder, lives)).isEqualTo(bootstrapServers);
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
