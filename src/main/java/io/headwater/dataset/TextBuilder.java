package io.headwater.dataset;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A column of texts that is being read: coded by a dictionary until that would be large. */
final class TextBuilder {
    private static final int MAX_WORDS = 1 << 16;

    private final Map<String, Integer> words = new HashMap<>();
    private int[] rows = new int[0];
    private int count;
    private byte @Nullable [] pool;
    private int end;

    void add(@Nullable String text) throws DatasetException {
        rows = count < rows.length ? rows : Arrays.copyOf(rows, ColumnBuilder.larger(count));
        if (pool == null && text != null && words.size() == MAX_WORDS && !words.containsKey(text)) {
            pourIntoPool();
        }
        rows[count++] = pool == null ? code(text) : pooled(text);
    }

    private int code(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        Integer next = words.size();
        Integer code = words.putIfAbsent(text, next);
        return code == null ? next : code;
    }

    private void pourIntoPool() throws DatasetException {
        String[] byCode = byCode();
        words.clear();
        pool = new byte[0];
        for (int row = 0; row < count; row++) {
            rows[row] = pooled(rows[row] < 0 ? null : byCode[rows[row]]);
        }
    }

    private String[] byCode() {
        String[] byCode = new String[words.size()];
        words.forEach((word, code) -> byCode[code] = word);
        return byCode;
    }

    private int pooled(@Nullable String text) throws DatasetException {
        if (text == null) {
            return ~end;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] to = pool == null ? new byte[0] : pool;
        long size = (long) end + bytes.length;
        if (size > to.length) {
            if (size > Integer.MAX_VALUE - 8) {
                throw new DatasetException("a column holds more than 2 GB of text, which is the most that is allowed");
            }
            to = Arrays.copyOf(to, Math.max((int) size, ColumnBuilder.larger(to.length)));
            pool = to;
        }
        System.arraycopy(bytes, 0, to, end, bytes.length);
        end = (int) size;
        return end;
    }

    Column build() {
        int[] trimmed = Arrays.copyOf(rows, count);
        return pool == null
                ? new Column.Coded(trimmed, byCode())
                : new Column.Pooled(trimmed, Arrays.copyOf(pool, end));
    }
}
