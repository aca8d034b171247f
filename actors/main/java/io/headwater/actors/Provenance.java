package io.headwater.actors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Which programs and libraries these are. */
public final class Provenance {
    /** Version of Headwater, as the build wrote it into the jar. */
    public static final String HEADWATER = version();

    private static final String OURS = "io/headwater";

    private Provenance() {}

    private static String version() {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /**
     * SHA-256 (hex) over Headwater's own classes, by name and content: two builds of the same sources agree, in a jar or
     * in a folder, whatever the times of their files.
     */
    public static String codeSha256() {
        return Code.SHA256;
    }

    /** Hashed when it is first asked for. */
    private static final class Code {
        static final String SHA256 = hash();

        private static String hash() {
            try {
                URI source = Provenance.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI();
                Path code = Path.of(source);
                if (Files.isDirectory(code)) {
                    return hash(code);
                }
                try (FileSystem jar = FileSystems.newFileSystem(code)) {
                    return hash(jar.getPath("/"));
                }
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException("Headwater's own classes cannot be read: " + e, e);
            }
        }

        private static String hash(Path root) throws IOException {
            try (Stream<Path> all = Files.walk(root.resolve(OURS))) {
                List<Path> classes = all.filter(Files::isRegularFile).toList();
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                byte[] buffer = new byte[1 << 16];
                classes.stream()
                        .sorted((a, b) -> a.toString().compareTo(b.toString()))
                        .forEach(file -> update(sha256, root.relativize(file).toString(), file, buffer));
                return HexFormat.of().formatHex(sha256.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }

        private static void update(MessageDigest sha256, String name, Path file, byte[] buffer) {
            sha256.update(name.getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    sha256.update(buffer, 0, read);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
