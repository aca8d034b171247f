package io.headwater.actors.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What every command of the program owes its user. */
class HeadwaterTest {
    /** In a help's footer: maybe a variable, the program, its words, and maybe a remark. */
    private static final Pattern EXAMPLE = Pattern.compile(" {2}(?:\\w+=\\S+ )?headwater (.*?)(?: {3,}\\(.*)?");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|\\S+");

    static Stream<String> commands() {
        return Headwater.commandLine().getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_isShown_whateverElseACommandNeeds(String command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int status = Headwater.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(command, "--help");

        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString()).startsWith("Usage: headwater " + command + " ");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void examplesOfTheHelp_areLinesThatTheProgramTakes(String command) {
        CommandLine line =
                Objects.requireNonNull(Headwater.commandLine().getSubcommands().get(command));
        List<String[]> examples = Arrays.stream(
                        line.getCommandSpec().usageMessage().footer())
                .map(EXAMPLE::matcher)
                .filter(found -> found.matches())
                .map(found -> words(found.group(1)))
                .toList();

        assertThat(examples).isNotEmpty().allSatisfy(words -> {
            assertThat(words[0]).isEqualTo(command);
            assertThatCode(() -> Headwater.commandLine().parseArgs(words)).doesNotThrowAnyException();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            evaluate --data x --delay some   | for option '--delay': 'some' is no whole number; -2147483648 to 2147483647 is allowed
            evaluate --data x --seed 1.5     | for option '--seed': '1.5' is no whole number; -9223372036854775808 to 9223372036854775807 is
            adapt --lambda strong            | for option '--lambda': 'strong' is no number; 0.1, 5 or 1e-3, for example, is allowed
            """)
    void numberThatIsNone_isToldWithoutJavasTypes(String line, String sentence) {
        Run run = run(line.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(sentence);
    }

    @Test
    void serve_whereThePortIsTaken_saysSo_andOpensNoModel(@TempDir Path folder) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = Files.writeString(
                    folder.resolve("headwater.conf"),
                    "headwater { data-dir = \"" + folder.resolve("models") + "\", http.port = " + taken.getLocalPort()
                            + ", kafka.bootstrap-servers = \"127.0.0.1:1\", models.m { features.numeric = [x],"
                            + " source.file = none.jsonl } }");

            Run run = run("serve", "--config", config.toString());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err())
                    .startsWith("headwater: cannot listen on 127.0.0.1 port " + taken.getLocalPort())
                    .contains("headwater.http.port");
            assertThat(folder.resolve("models")).doesNotExist();
        }
    }

    @Test
    void commandThatIsNone_isToldWithThoseThatThereAre() {
        Run run = run("dem", "--for", "3s");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("headwater: there is no command 'dem'; there are demo, serve, replay, fit, evaluate, adapt,"
                        + " models, inspect");
    }

    @Test
    void demo_ofAnArchiveThatIsNone_namesTheFile(@TempDir Path folder) throws IOException {
        Path mails = Files.writeString(folder.resolve("mails.tgz"), "no archive");

        Run run = run("demo", "--scenario", "spam", "--data", mails.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).startsWith("headwater: " + mails + ": not a .tgz that can be read: ");
    }

    @Test
    void replay_atNoSpeed_isWrongUsage() {
        Run run = run("replay", "--bootstrap", "127.0.0.1:1", "--speed", "-1");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("headwater: --speed is -1.0, allowed is a number above 0");
    }

    @Test
    void replay_toAnAddressThatIsNone_saysWhatIsWrongWithIt() {
        Run run = run("replay", "--bootstrap", "nope");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("bootstrap.servers: nope").doesNotContain("Exception");
    }

    private record Run(int status, String err) {}

    private static Run run(String... words) {
        StringWriter err = new StringWriter();
        int status = Headwater.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(words);
        return new Run(status, err.toString());
    }

    private static String[] words(String example) {
        return WORD.matcher(example).results().map(HeadwaterTest::unquoted).toArray(String[]::new);
    }

    private static String unquoted(MatchResult word) {
        return word.group(1) == null ? word.group() : word.group(1);
    }
}
