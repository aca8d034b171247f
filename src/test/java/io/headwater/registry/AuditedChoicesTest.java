package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditedChoicesTest {
    @TempDir
    Path home;

    private AuditTrail trail;
    private Choices choices;
    private AuditedChoices audited;

    @BeforeEach
    void open() {
        trail = new AuditTrail("flights", home);
        choices = new Choices(home);
        audited = new AuditedChoices(trail, choices);
    }

    @Test
    void crashBetweenRecordAndChoice_isFinishedAtTheNextOpening() throws IOException {
        audited.make(record(Action.PROMOTE, 1));
        trail.append(List.of(record(Action.PROMOTE, 2)));
        trail.append(List.of(record(Action.PIN, 1)));
        trail.append(List.of(record(Action.DELETE, 1)));

        audited.finishLast();

        assertThat(choices.served()).hasValue(2);
        assertThat(choices.pinned()).containsExactly(1L);
    }

    @Test
    void choiceThatCannotBeWritten_leavesNoRecord() throws IOException {
        audited.make(record(Action.PROMOTE, 1));
        // In the way of the file that is written aside.
        Files.createDirectories(home.resolve(".served.json.tmp/full"));

        assertThatThrownBy(() -> audited.make(record(Action.PROMOTE, 2))).isInstanceOf(IOException.class);

        assertThat(trail.newest(10)).containsExactly(record(Action.PROMOTE, 1));
        assertThat(choices.served()).hasValue(1);
    }

    @Test
    void nothingLeftOpen_changesNothing() throws IOException {
        audited.finishLast();
        assertThat(choices.served()).isEmpty();

        audited.make(record(Action.PROMOTE, 3));
        audited.make(record(Action.PIN, 3));
        audited.make(record(Action.UNPIN, 3));
        audited.make(record(Action.ROLL_BACK, 1));
        audited.finishLast();

        assertThat(choices.served()).hasValue(1);
        assertThat(choices.pinned()).isEmpty();
    }

    private static AuditRecord record(Action action, long version) {
        return new AuditRecord(1, "gate", action, version, 0, "a test");
    }
}
