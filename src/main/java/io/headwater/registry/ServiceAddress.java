package io.headwater.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the service that has a store open can be reached: a small file beside the models while it runs. */
public final class ServiceAddress {
    private static final String FILE = ".service-address";

    private ServiceAddress() {}

    public static void write(Path root, URI address) {
        try {
            Files.createDirectories(root);
            DurableFiles.replace(root.resolve(FILE), address.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<URI> read(Path root) {
        try {
            return Optional.of(URI.create(Files.readString(root.resolve(FILE)).strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public static void remove(Path root) {
        try {
            Files.deleteIfExists(root.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
