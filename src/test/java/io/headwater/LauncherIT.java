package io.headwater;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script in a tree of its own, with stand-ins for java and mvn as the only ones on the PATH. */
@NullMarked
final class LauncherIT {
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "date",
            "dirname",
            "env",
            "find",
            "flock",
            "grep",
            "head",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "tail",
            "touch");
    /** Tells what it was asked to run, one word a line. */
    private static final String JAVA = """
            #!/usr/bin/env bash
            if [ "$1" = -version ]; then
              echo "openjdk version \\"${FAKE_VERSION:-17.0.15}\\" 2025-04-15" >&2
              exit
            fi
            echo "in $PWD"
            printf '%s\\n' "$@"
            env | grep -E '^(OMP|MALLOC)_' || true
            exit ${FAKE_EXIT:-0}
            """;
    /** Makes the jar, unless it is told to fail; writes down each call. */
    private static final String MVN = """
            #!/usr/bin/env bash
            echo "mvn $* in $PWD" >>"$FAKE_CALLS"
            case "${FAKE_BUILD:-}:$*" in
              compile-error:*) echo '[ERROR] Broken.java:[1,1] no such thing'; exit 1 ;;
              empty-repository:*-o*) echo '[ERROR] Cannot access central in offline mode'; exit 1 ;;
              save-meanwhile:*) touch src/main/java/A.java ;;
            esac
            mkdir -p target/headwater/lib
            echo jar >target/headwater/headwater.jar
            """;

    @TempDir
    Path folder = Path.of("");

    private Path tree = Path.of("");
    private Path bin = Path.of("");
    private Path calls = Path.of("");

    private record Run(int status, String out, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectories(folder.resolve("a tree"));
        bin = Files.createDirectories(folder.resolve("bin"));
        calls = folder.resolve("calls");
        Files.createFile(calls);
        for (String tool : TOOLS) {
            lend(tool);
        }
        script(bin.resolve("java"), JAVA);
        script(bin.resolve("javac"), "#!/usr/bin/env bash\n");
        script(bin.resolve("mvn"), MVN);
        Files.copy(Path.of("headwater"), tree.resolve("headwater"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String file : List.of(
                "pom.xml",
                "src/main/java/A.java",
                "actors/main/java/B.java",
                "schemas/C.avsc",
                "src/test/java/D.java")) {
            Files.createDirectories(tree.resolve(file).getParent());
            Files.writeString(tree.resolve(file), file);
        }
        try (Stream<Path> all = Files.walk(tree)) {
            all.forEach(path -> age(path, 1_000));
        }
    }

    /** Puts a tool of this machine on the PATH of the test, if it is here: flock is not everywhere. */
    private void lend(String tool) throws IOException {
        for (String directory : List.of("/usr/bin", "/bin")) {
            Path found = Path.of(directory, tool);
            if (Files.isExecutable(found)) {
                script(bin.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
                return;
            }
        }
    }

    private static void age(Path path, long seconds) {
        try {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(seconds)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void script(Path path, String text) throws IOException {
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run run(Map<String, String> environment, Path program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("FAKE_CALLS", calls.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the launcher still runs after a minute");
        }
        return new Run(
                process.exitValue(),
                Files.readString(folder.resolve("out"), UTF_8),
                Files.readString(folder.resolve("err"), UTF_8));
    }

    private Run launch(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), tree.resolve("headwater"), arguments);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(calls);
    }

    /** A finished build, older than nothing. */
    private Path built() throws IOException {
        Path jar = tree.resolve("target/headwater/headwater.jar");
        Files.createDirectories(jar.resolveSibling("lib"));
        Files.writeString(jar, "jar");
        age(jar, 500);
        return jar;
    }

    @Test
    void launch_noJar_buildsOfflineAndRuns() throws Exception {
        Run run = launch("demo", "--for", "5 s");

        assertThat(run.status()).isZero();
        assertThat(builds()).singleElement().asString().contains(" -o ").endsWith("package in " + tree);
        assertThat(run.err()).contains("there is no jar yet").containsPattern("built in [0-9]+ s");
        assertThat(run.out())
                .startsWith("in " + folder)
                .contains("-Dheadwater.home=" + tree + "/target/headwater\n")
                .contains("-Xmx1g\n")
                .contains("-cp\n" + tree + "/target/headwater/headwater.jar:" + tree + "/target/headwater/lib/*\n")
                .contains("io.headwater.actors.app.Headwater\ndemo\n--for\n5 s\n")
                .contains("OMP_WAIT_POLICY=passive", "OMP_NUM_THREADS=1", "MALLOC_ARENA_MAX=2");
    }

    @Test
    void launch_upToDate_runsWithoutAWord() throws Exception {
        built();

        Run run = launch("--help");

        assertThat(builds()).isEmpty();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("io.headwater.actors.app.Headwater\n--help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "src/main/java/A.java", "actors/main/java/B.java", "schemas/C.avsc"})
    void launch_inputNewerThanJar_builds(String input) throws Exception {
        built();
        age(tree.resolve(input), 10);

        Run run = launch("--help");

        assertThat(builds()).hasSize(1);
        assertThat(run.err()).contains("sources are newer than the jar");
    }

    @Test
    void launch_sourceDeleted_builds() throws Exception {
        built();
        Files.delete(tree.resolve("src/main/java/A.java"));

        launch("--help");

        assertThat(builds()).hasSize(1);
    }

    @Test
    void launch_testNewerThanJar_doesNotBuild() throws Exception {
        built();
        age(tree.resolve("src/test/java/D.java"), 10);

        launch("--help");

        assertThat(builds()).isEmpty();
    }

    @Test
    void launch_builtBefore_doesNotBuildAgain() throws Exception {
        launch("--help");
        launch("--help");

        assertThat(builds()).hasSize(1);
    }

    @Test
    void launch_sourceSavedDuringTheBuild_buildsAgain() throws Exception {
        run(Map.of("FAKE_BUILD", "save-meanwhile"), tree.resolve("headwater"), "--help");
        launch("--help");

        assertThat(builds()).hasSize(2);
    }

    @Test
    void launch_emptyMavenRepository_goesOnline() throws Exception {
        Run run = run(Map.of("FAKE_BUILD", "empty-repository"), tree.resolve("headwater"), "--help");

        assertThat(run.status()).isZero();
        assertThat(builds()).hasSize(2);
        assertThat(builds().get(1)).doesNotContain(" -o ");
        assertThat(run.err()).contains("fetching libraries");
    }

    @Test
    void launch_buildFails_showsTheEndOfItsLogAndRunsNothing() throws Exception {
        built();
        age(tree.resolve("pom.xml"), 10);

        Run run = run(Map.of("FAKE_BUILD", "compile-error"), tree.resolve("headwater"), "--help");

        assertThat(run.status()).isEqualTo(1);
        assertThat(builds()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Broken.java:[1,1] no such thing").contains("the build failed after");
    }

    @Test
    void launch_throughSymlinks_findsItsTree() throws Exception {
        built();
        Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("a tree/headwater"));
        Path second = Files.createSymbolicLink(bin.resolve("second"), first);

        Run run = run(Map.of(), second, "--help");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("-Dheadwater.home=" + tree + "/target/headwater\n");
    }

    @Test
    void launch_installed_neverBuilds() throws Exception {
        Path installed = Files.createDirectories(folder.resolve("opt"));
        Files.copy(tree.resolve("headwater"), installed.resolve("headwater"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(installed.resolve("headwater.jar"), "jar");
        Files.delete(bin.resolve("mvn"));
        Files.delete(bin.resolve("javac"));

        Run run = run(Map.of(), installed.resolve("headwater"), "serve");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("-Dheadwater.home=" + installed + "\n").contains("Headwater\nserve\n");
    }

    @ParameterizedTest
    @CsvSource({"11.0.2, Java 11;", "1.8.0_402, Java 8;", "strange, of unknown version"})
    void launch_javaTooOld_saysSo(String version, String told) throws Exception {
        built();

        Run run = run(Map.of("FAKE_VERSION", version), tree.resolve("headwater"), "--help");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(told, "a JDK 17 or later is needed");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void launch_laterJava_isTakenWithWhatItAsksFor() throws Exception {
        built();

        Run run = run(Map.of("FAKE_VERSION", "25"), tree.resolve("headwater"), "--help");

        assertThat(run.out()).contains("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void launch_noJava_saysSo() throws Exception {
        Files.delete(bin.resolve("java"));

        assertThat(launch().err()).contains("no java on PATH and no JAVA_HOME");
        assertThat(run(Map.of("JAVA_HOME", "/nowhere"), tree.resolve("headwater"))
                        .err())
                .contains("JAVA_HOME is /nowhere");
    }

    @Test
    void launch_noMavenOrCompilerWhenItMustBuild_saysSo() throws Exception {
        Files.delete(bin.resolve("javac"));
        assertThat(launch().err()).contains("needs a JDK, not a JRE");
        Files.delete(bin.resolve("mvn"));
        assertThat(launch().err()).contains("no mvn on PATH");
    }

    @Test
    void launch_options_areHandedOn() throws Exception {
        built();

        Run heap = run(Map.of("HEADWATER_HEAP", "3g"), tree.resolve("headwater"));
        Run own = run(Map.of("HEADWATER_JAVA_OPTS", "-XX:MaxRAMPercentage=50 -Dx=y"), tree.resolve("headwater"));

        assertThat(heap.out()).contains("-Xmx3g\n");
        assertThat(own.out()).contains("-XX:MaxRAMPercentage=50\n-Dx=y\n").doesNotContain("-Xmx");
    }

    @Test
    void launch_exitStatus_isThePrograms() throws Exception {
        built();

        assertThat(run(Map.of("FAKE_EXIT", "2"), tree.resolve("headwater"), "x").status())
                .isEqualTo(2);
    }
}
