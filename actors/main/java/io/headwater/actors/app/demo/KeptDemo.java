package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.actors.VersionRebuild;
import io.headwater.cli.CommandFailedException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.kafka.EmbeddedBroker;
import io.headwater.registry.InUseException;
import io.headwater.registry.Retention;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A folder that {@code demo --keep} made, for commands that need its broker. */
public final class KeptDemo {
    private KeptDemo() {}

    /** Makes a version of the folder's again, see {@link VersionRebuild}; starts the broker where no demo runs. */
    public static ObjectNode rebuild(
            Path work, String model, @Nullable Long version, boolean fromStart, PrintWriter progress) {
        Path root = work.resolve(HeadwaterConfig.MODELS);
        VersionRebuild.checkThere(root, model);
        Path broker = work.resolve("broker");
        try (VersionStore store = VersionStore.open(root, model, Retention.ALL);
                EmbeddedBroker started = EmbeddedBroker.start(broker)) {
            return VersionRebuild.of(store, root, started.bootstrapServers(), version, fromStart, progress);
        } catch (InUseException e) {
            return beside(broker, root, model, version, fromStart, progress);
        }
    }

    /** The demo runs: its broker answers, and its store is only read. */
    private static ObjectNode beside(
            Path broker, Path root, String model, @Nullable Long version, boolean fromStart, PrintWriter progress) {
        try (VersionStore store = VersionStore.forReading(root, model)) {
            String port = Files.readString(broker.resolve("port")).strip();
            return VersionRebuild.of(store, root, "127.0.0.1:" + port, version, fromStart, progress);
        } catch (IOException e) {
            throw new CommandFailedException("the broker of the demo in " + broker + " cannot be found: " + e, e);
        }
    }
}
