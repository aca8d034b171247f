package io.headwater.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts as sparse rows of words and pairs of words: sublinear term frequency, smoothed inverse document frequency, each
 * row of Euclidean length 1. Words have two or more letters or digits, in lower case; the vocabulary is that of the
 * training texts. These are scikit-learn's definitions, with which most published baselines are made.
 */
final class TfIdf {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]{2,}");

    /** A row's columns, ascending, with their values. */
    record Row(int[] columns, float[] values) {}

    private final Map<String, Integer> vocabulary = new HashMap<>();
    private final float[] idf;

    TfIdf(List<String> training) {
        Map<String, Integer> documents = new HashMap<>();
        training.forEach(text -> new HashSet<>(terms(text)).forEach(term -> documents.merge(term, 1, Integer::sum)));
        idf = new float[documents.size()];
        new TreeMap<>(documents).forEach((term, count) -> {
            idf[vocabulary.size()] = (float) (Math.log((1.0 + training.size()) / (1.0 + count)) + 1);
            vocabulary.put(term, vocabulary.size());
        });
    }

    int columns() {
        return idf.length;
    }

    Row row(String text) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (String term : terms(text)) {
            Integer column = vocabulary.get(term);
            if (column != null) {
                counts.merge(column, 1, Integer::sum);
            }
        }
        int[] columns = new int[counts.size()];
        float[] values = new float[columns.length];
        double squares = 0;
        int at = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            columns[at] = entry.getKey();
            values[at] = (float) ((1 + Math.log(entry.getValue())) * idf[columns[at]]);
            squares += (double) values[at] * values[at];
            at++;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] / Math.sqrt(squares));
        }
        return new Row(columns, values);
    }

    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
        String before = "";
        while (words.find()) {
            String word = words.group();
            terms.add(word);
            if (!before.isEmpty()) {
                terms.add(before + " " + word);
            }
            before = word;
        }
        return terms;
    }
}
