package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.feature.RowLayout;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ServedModel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Looks at a model's versions between two lives of the process that writes them. */
final class RegistryWatch {
    private final VersionStore store;
    private final String model;
    private final RowLayout layout;
    private final Set<Long> whole = new HashSet<>();
    private long served;

    RegistryWatch(Path dataDir, String model, RowLayout layout) {
        this.store = VersionStore.forReading(dataDir, model);
        this.model = model;
        this.layout = layout;
    }

    /** Whatever is listed is whole and can serve, and the version that serves is none from before. */
    void check() {
        for (long version : store.numbers()) {
            if (whole.add(version)) {
                Manifest manifest = store.manifest(version);
                assertThat(manifest.version()).isEqualTo(version);
                assertThat(store.learner(version))
                        .as("learner of version %d", version)
                        .isNotEmpty();
                ServedModel.load(model, version, store.onnx(version), layout).retire();
            }
        }
        long now = store.served().orElse(0);
        assertThat(now).as("served version").isGreaterThanOrEqualTo(served);
        assertThat(store.numbers()).as("versions listed").contains(now);
        served = now;
    }

    /** What served at the last {@link #check}. */
    long served() {
        return served;
    }

    long servedNow() {
        return store.served().orElse(0);
    }

    /** The version that the audit trail says serves. */
    long lastChosen() {
        return store.audit(Integer.MAX_VALUE).stream()
                .filter(record -> record.action() == Action.PROMOTE || record.action() == Action.ROLL_BACK)
                .reduce((one, next) -> next)
                .orElseThrow()
                .version();
    }

    long newest() {
        return store.numbers().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
