package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final int[] EDGES = {
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xec, 0xed, 0xee, 0xef, 0xf0,
        0xf3, 0xf4, 0xf5, 0xff
    };

    @Test
    void firstInvalid_agreesWithTheJdksStrictDecoder() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) EDGES[random.nextInt(EDGES.length)];
            }
            assertThat(Utf8.firstInvalid(bytes) < 0).as("%s", (Object) bytes).isEqualTo(jdkReads(bytes));
        }
    }

    private static boolean jdkReads(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
