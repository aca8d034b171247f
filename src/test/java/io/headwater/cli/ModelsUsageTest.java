package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the words of {@code models} have to be, whatever the store holds. */
class ModelsUsageTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            list                      | name the versions by --work DIR or by --config FILE
            list --work W --config C  | name the versions by --work DIR or by --config FILE
            list --work W --out x     | export needs --out FILE, and nothing else takes it
            export --work W           | export needs --out FILE, and nothing else takes it
            approve --work W          | approve needs --version N: the one that you looked at
            reject --work W           | reject needs --version N: the one that you looked at
            show --work W --from-start | --from-start belongs to rebuild
            erase --work W            | erase needs --owner TEXT or --file FILE, and nothing else takes them
            pin --work W --owner x    | erase needs --owner TEXT or --file FILE, and nothing else takes them
            erase --work W --owner _  | an --owner is blank, which is nobody
            list --work W --version 3 | list is of all versions and takes no --version
            audit --work W --version 3 | audit is of all versions and takes no --version
            erase --work W --owner x --version 3 | erase is of all versions and takes no --version
            """)
    void optionsThatDoNotGoTogether_areOneSentence_andStatus2(String words, String sentence) {
        CommandRun run = run(words);

        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err().strip()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource({"list --work W", "show --work W --version 3", "rollback --work W", "erase --work W --owner x"})
    void modelThatIsNotThere_isStatus1(String words) {
        CommandRun run = run(words);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().strip()).isEqualTo("there is no model 'm' in " + folder.resolve("models"));
    }

    /** {@code W} is a folder that is there, and {@code _} a blank. */
    private CommandRun run(String words) {
        List<String> given = Stream.of(words.split(" "))
                .map(word -> word.equals("W") ? folder.toString() : word.replace("_", " "))
                .toList();
        ModelsCommand.Rebuilder rebuilder = (work, config, model, version, fromStart, progress) -> {
            throw new IllegalStateException("nothing here is rebuilt");
        };
        return CommandRun.of(
                new ModelsCommand(rebuilder),
                Stream.concat(given.stream(), Stream.of("--model", "m")).toArray(String[]::new));
    }
}
