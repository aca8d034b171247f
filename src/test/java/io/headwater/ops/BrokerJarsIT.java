package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The production image leaves the embedded broker's jars out, and whatever is left needs none of them. */
final class BrokerJarsIT {
    private static final Path HOME = Path.of(System.getProperty("headwater.home", "target/headwater"));
    private static final String LIST_PREFIX = "**/lib/";

    /** Bridges that a library loads only if the other library is there. */
    private static final Pattern OPTIONAL = Pattern.compile("io/netty/util/internal/logging/.*"
            + "|io/micrometer/core/instrument/binder/(logging/Log4j2Metrics|cache/Caffeine).*"
            + "|org/jsoup/helper/Re2jRegex.*");

    /** Ours that run the broker: the demo starts it, the service never does. */
    private static final Pattern BROKER = Pattern.compile("io/headwater/kafka/EmbeddedBroker.*");

    private static final List<Path> LEFT_OUT = new ArrayList<>();
    private static final List<Path> KEPT = new ArrayList<>();
    private static final Map<String, Path> CLASSES_LEFT_OUT = new HashMap<>();
    private static final Set<String> CLASSES_KEPT = new HashSet<>();

    @BeforeAll
    static void sortJars() throws IOException {
        List<PathMatcher> patterns = patterns().stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        try (Stream<Path> jars = Files.list(HOME.resolve("lib"))) {
            jars.sorted().forEach(jar -> {
                boolean out = patterns.stream().anyMatch(pattern -> pattern.matches(jar.getFileName()));
                (out ? LEFT_OUT : KEPT).add(jar);
            });
        }
        KEPT.add(HOME.resolve("headwater.jar"));
        for (Path jar : KEPT) {
            CLASSES_KEPT.addAll(classNames(jar));
        }
        for (Path jar : LEFT_OUT) {
            classNames(jar).forEach(name -> CLASSES_LEFT_OUT.putIfAbsent(name, jar));
        }
    }

    @Test
    void everyEntryOfTheList_leavesAJarOut() throws IOException {
        assertThat(patterns()).isNotEmpty().allSatisfy(pattern -> {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            assertThat(LEFT_OUT)
                    .as("jars that %s leaves out", pattern)
                    .anyMatch(jar -> matcher.matches(jar.getFileName()));
        });
    }

    @Test
    void brokerItself_isLeftOut() {
        assertThat(CLASSES_LEFT_OUT)
                .containsKeys("kafka/server/KafkaRaftServer", "org/apache/kafka/raft/KafkaRaftClient");
        assertThat(CLASSES_KEPT).contains("org/apache/kafka/clients/consumer/KafkaConsumer");
    }

    @Test
    void whatIsKept_refersToNothingThatIsLeftOut() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Path jar : KEPT) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : classes(zip)) {
                    String from = entry.getName();
                    if (OPTIONAL.matcher(from).matches() || BROKER.matcher(from).matches()) {
                        continue;
                    }
                    try (InputStream classFile = zip.getInputStream(entry)) {
                        for (String to : ClassReferences.of(classFile)) {
                            if (CLASSES_LEFT_OUT.containsKey(to) && !CLASSES_KEPT.contains(to)) {
                                missing.add(jar.getFileName() + ": " + from + " needs " + to + " of "
                                        + CLASSES_LEFT_OUT.get(to).getFileName());
                            }
                        }
                    }
                }
            }
        }
        assertThat(missing).as("classes that the image would lack").isEmpty();
    }

    /** Only the demo may start the embedded broker; a service that refers to it would fail in the image. */
    @Test
    void onlyTheDemo_refersToTheEmbeddedBroker() throws IOException {
        Set<String> referring = new TreeSet<>();
        try (ZipFile zip = new ZipFile(HOME.resolve("headwater.jar").toFile())) {
            for (ZipEntry entry : classes(zip)) {
                try (InputStream classFile = zip.getInputStream(entry)) {
                    if (ClassReferences.of(classFile).stream()
                            .anyMatch(to -> BROKER.matcher(to).matches())) {
                        referring.add(entry.getName());
                    }
                }
            }
        }
        assertThat(referring)
                .allMatch(name -> BROKER.matcher(name).matches()
                        || name.startsWith("io/headwater/actors/app/") && name.contains("Demo")
                        || name.startsWith("io/headwater/actors/app/demo/"));
    }

    private static List<String> patterns() throws IOException {
        return Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith(LIST_PREFIX))
                .map(line -> line.substring(LIST_PREFIX.length()))
                .toList();
    }

    private static List<String> classNames(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return classes(zip).stream()
                    .map(entry -> entry.getName().replaceAll("\\.class$", ""))
                    .toList();
        }
    }

    private static List<? extends ZipEntry> classes(ZipFile zip) {
        return zip.stream()
                .filter(entry -> entry.getName().endsWith(".class")
                        && !entry.getName().startsWith("META-INF/")
                        && !entry.getName().endsWith("module-info.class"))
                .toList();
    }
}
