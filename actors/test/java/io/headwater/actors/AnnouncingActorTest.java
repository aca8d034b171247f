package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.VersionStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnouncingActorTest {
    @TempDir
    Path root;

    @Test
    void start_knowsWhatWasDeletedBefore() {
        try (VersionStore store = VersionStore.open(root, "m", 2)) {
            store.needFrom(Long.MAX_VALUE);
            for (byte version = 1; version <= 6; version++) {
                byte[] onnx = {version};
                store.add(RegistryOfOneModel.manifest(version, version - 1, onnx), onnx, onnx);
            }
            store.serve(6, AuditRecord.GATE, Action.PROMOTE, "better", 0);
            assertThat(AnnouncingActor.deletedLately(store)).isEmpty();
            List<Long> deleted = store.forgetOld(1);

            assertThat(AnnouncingActor.deletedLately(store)).isEqualTo(deleted).containsExactly(2L, 3L, 4L);
        }
    }
}
