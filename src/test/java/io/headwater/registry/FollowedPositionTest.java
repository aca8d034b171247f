package io.headwater.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedPositionTest {
    private static final FollowedPosition POSITION = new FollowedPosition(123, Manifest.sha256(new byte[] {7}));

    @TempDir
    Path root;

    @Test
    void position_isThereAfterARestart_untilItsFileIsDamaged() throws IOException {
        try (VersionStore store = VersionStore.open(root, "m", 2)) {
            assertThat(store.followed()).isEmpty();
            store.keepFollowed(new FollowedPosition(5, POSITION.sha256()));
            store.keepFollowed(POSITION);
        }
        try (VersionStore store = VersionStore.open(root, "m", 2)) {
            assertThat(store.followed()).contains(POSITION);
            Files.write(root.resolve("m/followed.txt"), new byte[] {0, 1, 2});
            assertThat(store.followed()).isEmpty();
        }
    }

    @Test
    void bytesThatWereCutOrAddedTo_sayNothing() {
        byte[] whole = POSITION.toBytes();
        for (int length = 0; length < whole.length; length++) {
            assertThat(FollowedPosition.read(Arrays.copyOf(whole, length))).isEmpty();
        }
        assertThat(FollowedPosition.read(
                        (new String(whole, StandardCharsets.US_ASCII) + "\n").getBytes(StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(FollowedPosition.read(whole)).contains(POSITION);
    }
}
