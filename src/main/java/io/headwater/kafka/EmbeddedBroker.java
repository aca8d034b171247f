package io.headwater.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker (KRaft, one node) in this process, for the demo and the tests. Its topics live in a directory and
 * survive a restart; so does its port, where nobody else has taken it. It listens on the loopback interface only.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    private static final int START_ATTEMPTS = 3;
    private static final int MAX_PORT = 65_535;

    private final KafkaRaftServer server;
    private final String bootstrapServers;
    private boolean closed;

    private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a broker that keeps everything in {@code directory}, which is made and formatted where it is new. */
    public static EmbeddedBroker start(Path directory) {
        return start(directory, Map.of());
    }

    /**
     * Starts a broker with some of its own settings replaced.
     *
     * @param settings broker properties that go over the built-in ones
     * @throws IllegalStateException if it does not come up, with the reason
     */
    public static EmbeddedBroker start(Path directory, Map<String, String> settings) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(directory, settings);
            } catch (IOException e) {
                throw new IllegalStateException("the embedded broker cannot use " + directory + ": " + e, e);
            } catch (PortTakenException e) {
                // Between choosing a port and binding it anybody may take it.
                if (attempt == START_ATTEMPTS) {
                    throw new IllegalStateException("the embedded broker found no free port on " + HOST, e);
                }
            }
        }
    }

    private static EmbeddedBroker attempt(Path directory, Map<String, String> settings)
            throws IOException, PortTakenException {
        Path logs = Files.createDirectories(directory.toAbsolutePath()).resolve("topics");
        int port = chooseBrokerPort(directory.resolve("port"));
        Properties properties = properties(logs, port, freePort(), settings);
        if (!Files.exists(logs.resolve("meta.properties"))) {
            format(logs);
        }
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            if (chain(e).contains("bind")) {
                Files.deleteIfExists(directory.resolve("port"));
                throw new PortTakenException(e);
            }
            throw new IllegalStateException("the embedded broker did not start in " + directory + ": " + chain(e), e);
        }
        keepPort(directory, port);
        EmbeddedBroker broker = new EmbeddedBroker(server, HOST + ":" + port);
        broker.endWhatHangs(port);
        return broker;
    }

    private void endWhatHangs(int port) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            new HangingTransactions(HOST, port).end(admin);
        } catch (ExecutionException | IOException e) {
            close();
            throw new IllegalStateException("open transactions cannot be ended: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where clients connect: {@code 127.0.0.1:PORT}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes a topic with the broker's default settings; one that exists is left as it is. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Makes a topic with {@code settings} of its own (retention and the like); one that exists is left as it is. */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        new KafkaClients(bootstrapServers, Map.of()).createTopic(name, partitions, 1, settings);
    }

    /** Stops the broker; what was written stays in its directory. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static Properties properties(Path logs, int port, int controllerPort, Map<String, String> settings) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE));
        p.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("log.dirs", logs.toString());
        p.put("auto.create.topics.enable", "false");
        // One node cannot keep the three replicas that the internal topics ask for.
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            p.put(topic + ".replication.factor", "1");
            p.put(topic + ".num.partitions", "4");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("log.cleaner.dedupe.buffer.size", "16777216");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.putAll(settings);
        return p;
    }

    private static void format(Path logs) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(logs.toString()))
                    .setMetadataLogDirectory(logs.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    .setIgnoreFormatted(false)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw new IOException("formatting failed: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IOException("formatting failed: " + e, e);
        }
    }

    /** The whole number or none: the process may be killed in the middle of it. */
    private static void keepPort(Path directory, int port) throws IOException {
        Path written = Files.writeString(directory.resolve("port.tmp"), Integer.toString(port));
        Files.move(written, directory.resolve("port"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int chooseBrokerPort(Path file) throws IOException {
        String kept = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!kept.matches("[0-9]{1,5}") || Integer.parseInt(kept) > MAX_PORT) {
            return freePort();
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(HOST, Integer.parseInt(kept)));
            return probe.getLocalPort();
        } catch (IOException taken) {
            return freePort();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private static String chain(Throwable e) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = e; t != null; t = t.getCause()) {
            text.append(text.isEmpty() ? "" : ": ").append(t.getMessage());
        }
        return text.toString();
    }

    private static final class PortTakenException extends Exception {
        private static final long serialVersionUID = 1;

        PortTakenException(Throwable cause) {
            super(cause);
        }
    }
}
