package io.headwater.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.ModelAdmin.Version;
import io.headwater.api.ModelAdmin.Waits;
import io.headwater.api.VersionJson;
import io.headwater.cli.ModelsCommand.Action;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.InUseException;
import io.headwater.registry.ServiceAddress;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the versions of a model are looked at, chosen and pinned: its store, or the service that has the store open. */
sealed interface ModelDesk extends AutoCloseable {
    ObjectMapper JSON = new ObjectMapper();
    Clock CLOCK = Clock.systemUTC();

    ObjectNode list();

    ObjectNode show(@Nullable Long version);

    /** Promotes, rolls back, approves, rejects, pins or unpins. */
    ObjectNode change(Action how, @Nullable Long version, String who, String why);

    /**
     * Has the model forget the rows of owners.
     *
     * @param owners as the events name them
     */
    ObjectNode erase(List<String> owners, String who, String why);

    /** Who did what, by the newest {@code last} records, oldest first. */
    ObjectNode audit(int last);

    @Override
    void close();

    /** The store if nobody has it open, else the running service. */
    static ModelDesk open(Path root, String model) {
        if (!Files.isDirectory(root.resolve(model))) {
            throw new CommandFailedException("there is no model '" + model + "' in " + root);
        }
        try {
            return new Store(VersionStore.open(root, model, Integer.MAX_VALUE));
        } catch (InUseException inUse) {
            Optional<URI> service = ServiceAddress.read(root.resolve(model));
            if (service.isEmpty()) {
                throw new CommandFailedException(String.valueOf(inUse.getMessage()), inUse);
            }
            return new Service(service.get(), model);
        }
    }

    /** The store itself. */
    record Store(VersionStore store) implements ModelDesk {
        @Override
        public ObjectNode list() {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode versions = answer.putArray("versions");
            store.numbers().forEach(number -> versions.add(entry(number)));
            return answer;
        }

        private ObjectNode entry(long number) {
            Optional<Waits> waits = store.waiting()
                    .filter(waiting -> waiting.version() == number)
                    .map(waiting -> new Waits(waiting, CLOCK.millis(), Optional.empty()));
            return VersionJson.of(new Version(
                    store.manifest(number),
                    number == store.served().orElse(0),
                    store.pinned().contains(number),
                    waits));
        }

        @Override
        public ObjectNode show(@Nullable Long version) {
            return entry(version == null ? newest() : version);
        }

        @Override
        public ObjectNode change(Action how, @Nullable Long version, String who, String why) {
            long serves = store.served().orElse(0);
            if (serves > 0 && store.isMirrored(serves)) {
                throw new CommandFailedException("the versions here follow another process, which trains the model;"
                        + " send the command to that one");
            }
            long nowMs = CLOCK.millis();
            long chosen = version != null ? version : usual(how);
            switch (how) {
                case promote -> store.choose(chosen, who, AuditRecord.Action.PROMOTE, why, nowMs);
                case rollback -> store.choose(chosen, who, AuditRecord.Action.ROLL_BACK, why, nowMs);
                case approve -> store.approvals().approve(chosen, who, why, nowMs);
                case reject -> store.approvals().reject(chosen, who, why, nowMs);
                case pin -> store.pin(chosen, who, why, nowMs);
                case unpin -> store.unpin(chosen, who, why, nowMs);
                default -> throw new IllegalArgumentException(how + " changes nothing");
            }
            return JSON.createObjectNode().put("version", chosen);
        }

        private long usual(Action how) {
            return switch (how) {
                case rollback -> previous();
                case pin, unpin -> store.served().orElseGet(this::newest);
                default -> newest();
            };
        }

        @Override
        public ObjectNode audit(int last) {
            ObjectNode answer = JSON.createObjectNode();
            ArrayNode records = answer.putArray("audit");
            store.audit(last).forEach(record -> records.add(JSON.<ObjectNode>valueToTree(record)));
            return answer;
        }

        /** A recovery takes the recorded steps again: what none of them says would come back. */
        @Override
        public ObjectNode erase(List<String> owners, String who, String why) {
            throw new CommandFailedException(
                    "the service of the model does not run: start it and ask again; erasing is a step of its training,"
                            + " which the lineage records");
        }

        private long previous() {
            return store.previous()
                    .orElseThrow(() ->
                            new CommandFailedException("no version served before this one; name one with --version"));
        }

        private long newest() {
            List<Long> numbers = store.numbers();
            if (numbers.isEmpty()) {
                throw new CommandFailedException("the model has no version yet");
            }
            return numbers.get(numbers.size() - 1);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** A running service's admin calls. */
    record Service(URI address, String model) implements ModelDesk {
        private static final Duration PATIENCE = Duration.ofSeconds(10);
        private static final Duration ERASING = Duration.ofMinutes(7);

        @Override
        public ObjectNode list() {
            return ask("GET", "versions");
        }

        @Override
        public ObjectNode show(@Nullable Long version) {
            JsonNode versions = list().path("versions");
            for (int i = versions.size() - 1; i >= 0; i--) {
                if (version == null || versions.get(i).path("version").asLong() == version) {
                    return (ObjectNode) versions.get(i);
                }
            }
            throw new CommandFailedException("model '" + model + "' has no version " + version);
        }

        @Override
        public ObjectNode change(Action how, @Nullable Long version, String who, String why) {
            String query =
                    "?why=" + encoded(why) + "&who=" + encoded(who) + (version == null ? "" : "&version=" + version);
            return ask("POST", how + query);
        }

        @Override
        public ObjectNode audit(int last) {
            return ask("GET", "audit?last=" + last);
        }

        @Override
        public ObjectNode erase(List<String> owners, String who, String why) {
            ObjectNode body = JSON.createObjectNode();
            ArrayNode list = body.putArray("owners");
            owners.forEach(list::add);
            return ask(
                    "POST",
                    "erase?why=" + encoded(why) + "&who=" + encoded(who),
                    HttpRequest.BodyPublishers.ofString(body.toString()),
                    ERASING);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }

        private ObjectNode ask(String method, String path) {
            return ask(method, path, HttpRequest.BodyPublishers.noBody(), PATIENCE);
        }

        private ObjectNode ask(String method, String path, HttpRequest.BodyPublisher sent, Duration patience) {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/admin/models/" + model + "/" + path))
                    .method(method, sent)
                    // One request a connection: an upgrade to HTTP/2 is worth nothing, and fails at times.
                    .version(HttpClient.Version.HTTP_1_1)
                    .timeout(patience)
                    .build();
            try {
                HttpResponse<String> response =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                ObjectNode body = (ObjectNode) JSON.readTree(response.body());
                if (response.statusCode() >= 300) {
                    throw new CommandFailedException(body.path("error").asText(response.body()));
                }
                return body;
            } catch (IOException | ClassCastException e) {
                throw new CommandFailedException(
                        "the service at " + address + " does not answer: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("interrupted", e);
            }
        }

        @Override
        public void close() {}
    }
}
