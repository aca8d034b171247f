package io.headwater.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the service that has a model's store open can be reached: a small file beside the versions while it has. */
public final class ServiceAddress {
    private static final String FILE = ".service-address";

    private ServiceAddress() {}

    public static void write(Path home, URI address) {
        try {
            Files.createDirectories(home);
            DurableFiles.replace(home.resolve(FILE), address.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<URI> read(Path home) {
        try {
            return Optional.of(URI.create(Files.readString(home.resolve(FILE)).strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static void remove(Path home) {
        try {
            Files.deleteIfExists(home.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
