package io.headwater.bench.streams;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import io.headwater.bench.streams.StreamRows.Clock;
import io.headwater.bench.streams.StreamRows.Drift;
import io.headwater.learn.SeededRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import moa.streams.InstanceStream;
import org.jspecify.annotations.Nullable;

/** Streams of MOA's generators, whose drifts are known. */
public final class GeneratedStreams {
    /*
     * Four concepts of equal length follow each other. Between two of them a stream changes at once (-abrupt), or over
     * a twentieth of all rows (-gradual), in which the share of the new concept rises as Bifet et al., New ensemble
     * methods for evolving data streams (KDD 2009), have it: 1 / (1 + exp(-4 (row - middle) / width)). A generator that
     * moves by itself (-moving, -fast) has no row of change. Which concepts, noise and speeds: ConceptFamily.
     */
    /** Rows where a name says no number. */
    public static final int ROWS = 50_000;

    /** Every name, without its number of rows. */
    public static final List<String> NAMES = List.of(
            "sea-abrupt",
            "sea-gradual",
            "agrawal-abrupt",
            "agrawal-gradual",
            "hyperplane-abrupt",
            "hyperplane-gradual",
            "hyperplane-moving",
            "rbf-abrupt",
            "rbf-gradual",
            "rbf-moving",
            "rbf-fast",
            "led-abrupt",
            "led-gradual");

    private static final int CONCEPTS = 4;
    private static final int GRADUAL_SHARE = 20;
    private static final double STEEPNESS = 4;
    private static final long MIXING = 0x5eed;

    private GeneratedStreams() {}

    /**
     * @param stream one of {@link #NAMES}, and behind a colon the number of rows if it is not {@link #ROWS}
     * @param seed of concepts and rows
     */
    public static StreamRows generate(String stream, long seed) {
        int colon = stream.indexOf(':');
        String name = colon < 0 ? stream : stream.substring(0, colon);
        int rows = colon < 0 ? ROWS : Integer.parseInt(stream, colon + 1, stream.length(), 10);
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("there is no stream '" + name + "'; there are " + NAMES);
        }
        int dash = name.indexOf('-');
        ConceptFamily family = ConceptFamily.valueOf(name.substring(0, dash).toUpperCase(Locale.ROOT));
        String kind = name.substring(dash + 1);
        List<InstanceStream> concepts = new ArrayList<>();
        if (kind.equals("abrupt") || kind.equals("gradual")) {
            for (int i = 0; i < CONCEPTS; i++) {
                concepts.add(family.concept(i, seed));
            }
        } else {
            concepts.add(family.moving(kind, seed));
        }
        List<Drift> drifts = new ArrayList<>();
        for (int i = 1; i < concepts.size(); i++) {
            drifts.add(new Drift(
                    (int) ((long) rows * i / concepts.size()), kind.equals("gradual") ? rows / GRADUAL_SHARE : 0));
        }
        return rows(name, concepts, drifts, rows, new SeededRandom(seed ^ MIXING));
    }

    private static StreamRows rows(
            String name, List<InstanceStream> concepts, List<Drift> drifts, int rows, SeededRandom random) {
        InstancesHeader header = concepts.get(0).getHeader();
        List<Attribute> numeric = attributes(header, true);
        List<Attribute> nominal = attributes(header, false);
        StreamBuilder builder = new StreamBuilder(
                name,
                numeric.stream().map(Attribute::name).toList(),
                nominal.stream().map(Attribute::name).toList());
        for (int column = 0; column < nominal.size(); column++) {
            Attribute attribute = nominal.get(column);
            List<String> values = new ArrayList<>();
            for (int value = 0; value < attribute.numValues(); value++) {
                values.add(text(attribute, value));
            }
            builder.declare(column, values);
        }
        float[] numbers = new float[numeric.size()];
        @Nullable String[] texts = new String[nominal.size()];
        for (int row = 0; row < rows; row++) {
            Instance instance =
                    concepts.get(concept(row, drifts, random)).nextInstance().getData();
            int number = 0;
            int text = 0;
            for (int i = 0; i < header.numAttributes(); i++) {
                if (i == header.classIndex()) {
                    continue;
                }
                Attribute attribute = header.attribute(i);
                if (attribute.isNumeric()) {
                    numbers[number++] = (float) instance.value(i);
                } else {
                    texts[text++] = text(attribute, (int) instance.value(i));
                }
            }
            builder.add(numbers, texts, (int) instance.classValue());
        }
        return builder.build(drifts, Clock.NONE);
    }

    /** Which concept this row is drawn from. */
    private static int concept(int row, List<Drift> drifts, SeededRandom random) {
        int concept = 0;
        for (Drift drift : drifts) {
            double share = drift.width() == 0
                    ? (row < drift.row() ? 0 : 1)
                    : 1 / (1 + StrictMath.exp(-STEEPNESS * (row - drift.row()) / drift.width()));
            if (random.nextDouble() < share) {
                concept++;
            } else {
                break;
            }
        }
        return concept;
    }

    private static List<Attribute> attributes(InstancesHeader header, boolean numeric) {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < header.numAttributes(); i++) {
            if (i != header.classIndex() && header.attribute(i).isNumeric() == numeric) {
                attributes.add(header.attribute(i));
            }
        }
        return attributes;
    }

    /** A value's name; with a letter where it would read as a number in a file. */
    private static String text(Attribute attribute, int value) {
        String name = attribute.value(value);
        return Character.isDigit(name.charAt(0)) ? "v" + name : name;
    }

    /** Arguments: a stream, a seed, {@code --csv}, a file. */
    public static void main(String[] args) throws IOException {
        if (args.length != 4 || !args[2].equals("--csv")) {
            throw new IllegalArgumentException("arguments are STREAM[:ROWS] SEED --csv FILE; streams are " + NAMES);
        }
        StreamRows rows = generate(args[0], Long.parseLong(args[1]));
        rows.writeCsv(Path.of(args[3]));
        System.out.println(rows.name() + ": " + rows.rows() + " rows, drifts " + rows.drifts());
    }
}
