package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Loops and brokers that come and go: each event keeps its one score. */
class ScoringLoopsIT extends ScoringLoops {
    @Test
    void loops_comingAndGoing_leaveEachIdOnce() throws Exception {
        topics("rebalance", 4);
        ScoringLoop first = start("rebalance", "0", Records.CODEC);
        send("rebalance", 0, 0, 200);
        AtomicBoolean fed = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger(200);
        Thread feed = new Thread(() -> {
            try (Producer<byte[], byte[]> producer = Records.producer(broker)) {
                while (!fed.get() || sent.get() % 100 != 0) {
                    int i = sent.getAndIncrement();
                    producer.send(new ProducerRecord<>("rebalance.events", i % 4, null, Records.labeled("e" + i, 1)));
                    if (i % 5 == 0) {
                        producer.flush();
                    }
                }
            }
        });
        feed.start();
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 1);
        start("rebalance", "1", Records.CODEC);
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 2);
        first.close();
        start("rebalance", "2", Records.CODEC);
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 3);
        fed.set(true);
        feed.join();

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= sent.get());
        assertEachOnce("rebalance", sent.get());
        assertThat(failures).isEmpty();
    }

    @Test
    void kill_inTheMiddleOfATransaction_leavesEachIdOnce() throws Exception {
        topics("killed", 1);
        send("killed", 0, 0, 300);
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ScoringChild.class.getName(),
                broker.bootstrapServers(),
                "e250");
        // Not as an argument: ONNX Runtime 1.29 crashes where the command line has more than about 3,900 bytes.
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = java.redirectErrorStream(true).start();
        try (BufferedReader out = child.inputReader()) {
            List<String> said = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.equals(ScoringChild.STUCK)) {
                    break;
                }
            }
            assertThat(said).endsWith(ScoringChild.STUCK);
            await().atMost(PATIENCE).until(() -> endOffsets("killed.scores") >= 248);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(ids("killed")).isEmpty();

        start("killed", "0", Records.CODEC);

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= 300);
        assertEachOnce("killed", 300);
    }

    @Test
    void secondLoop_ofTheSameInstance_stopsTheFirstWithItsName() {
        topics("fenced", 1);
        start("fenced", "0", Records.CODEC);
        send("fenced", 0, 0, 10);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 10);

        start("fenced", "0", Records.CODEC);
        // The first notices when it next writes.
        AtomicInteger next = new AtomicInteger(10);
        await().atMost(PATIENCE).until(() -> {
            int n = next.getAndIncrement();
            send("fenced", 0, n, n + 1);
            return !failures.isEmpty();
        });

        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).hasMessageContaining("another loop runs as headwater-score-tiny-0"));
        await().atMost(PATIENCE).until(() -> ids("fenced").size() >= next.get());
        assertEachOnce("fenced", next.get());
    }

    @Test
    void brokerRestart_leavesEachIdOnce() {
        topics("restart", 1);
        start("restart", "0", Records.CODEC);
        send("restart", 0, 0, 100);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 100);

        String address = broker.bootstrapServers();
        broker.close();
        broker = EmbeddedBroker.start(directory);
        assertThat(broker.bootstrapServers()).isEqualTo(address);
        send("restart", 0, 100, 200);

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= 200);
        assertEachOnce("restart", 200);
        assertThat(failures).isEmpty();
    }
}
