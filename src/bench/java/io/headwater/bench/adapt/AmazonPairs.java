package io.headwater.bench.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Progress;
import io.headwater.offline.adapt.DomainFiles;
import io.headwater.offline.adapt.Domains;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The twelve pairs of the Amazon reviews, as the DANN paper has them: 2,000 labelled rows of the source, 2,000 rows of
 * the target without labels, and the target's own test file.
 */
record AmazonPairs(Path folder) {
    static final List<String> NAMES = List.of("books", "dvd", "electronics", "kitchen");

    /** Two of the four domains. */
    record Pair(String source, String target) {
        /** The first letters of both. */
        String letters() {
            return ("" + source.charAt(0) + target.charAt(0)).toUpperCase(Locale.ROOT);
        }

        @Override
        public String toString() {
            return (source.charAt(0) + "→" + target.charAt(0)).toUpperCase(Locale.ROOT);
        }
    }

    static List<Pair> all() {
        List<Pair> pairs = new ArrayList<>();
        NAMES.forEach(source -> NAMES.stream()
                .filter(target -> !target.equals(source))
                .forEach(target -> pairs.add(new Pair(source, target))));
        return pairs;
    }

    Domains read(Pair pair) throws DatasetException {
        return read(List.of(pair.source()), pair.target());
    }

    Domains read(List<String> sources, String target) throws DatasetException {
        return DomainFiles.read(
                sources.stream().map(source -> file(source, "train")).toList(),
                file(target, "train"),
                file(target, "test"),
                Optional.empty(),
                Progress.NONE);
    }

    private Path file(String domain, String part) {
        return folder.resolve(domain + "_" + part + ".svmlight");
    }
}
