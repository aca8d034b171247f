package io.headwater.actors;

import io.headwater.kafka.Announcement;
import io.headwater.kafka.ModelsReader;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.VersionStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a model that another process trains into a registry that is empty yet. */
final class Followed {
    private static final Logger LOG = LoggerFactory.getLogger(Followed.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SOURCE = "source.bin";
    private static final String PARTS = "source/";

    private Followed() {}

    /**
     * Waits until the trainer has announced what serves, unless that is here already from before.
     *
     * @throws IllegalStateException if nothing is announced in time
     */
    static void bootstrap(ModelParts parts, VersionStore store) {
        if (store.served().isPresent()) {
            return;
        }
        String topic = parts.config().announcing().topic();
        try (ModelsReader reader = parts.modelsReader()) {
            LOG.info("waiting for the version of {} that serves on topic {}", parts.name(), topic);
            long endNs = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < endNs) {
                Optional<Announcement> announced = reader.poll();
                if (announced.isPresent()) {
                    keep(store, announced.get(), reader.source(announced.get()));
                    return;
                }
            }
        }
        throw new IllegalStateException("topic " + topic + " announced no version of model '" + parts.name() + "' in "
                + PATIENCE.toSeconds() + " s: does the process run that trains it?");
    }

    /** Makes what was announced, with the source model's files, the first version of an empty registry. */
    static void keep(VersionStore store, Announcement announced, Map<String, byte[]> files) {
        Map<String, byte[]> parts = new HashMap<>();
        files.forEach((name, content) -> {
            if (name.startsWith(PARTS)) {
                parts.put(name.substring(PARTS.length()), content);
            }
        });
        byte[] source = files.get(SOURCE);
        if (source == null) {
            throw new IllegalStateException("version " + announced.version() + " is announced without its " + SOURCE);
        }
        store.source().mirror(source, parts);
        AuditRecord choice = announced.choice();
        store.mirror(announced.manifest(), announced.onnx());
        store.serve(announced.version(), choice.who(), choice.action(), choice.why(), choice.timeMs());
    }
}
