package io.headwater.bench;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.join.Velocity;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Card payments with their labels and features, in the order of their times: the Fraud Detection Handbook's set, or one
 * of our generator's of the same size.
 */
final class FraudRows {
    static final int DAYS = 183;
    static final int LABEL_DELAY_SECONDS = 7 * 86_400;

    /** The Handbook's names of the columns, in the order of {@link VelocityFeatures#layout}. */
    private static final List<String> COLUMNS = List.of(
            "TX_AMOUNT",
            "TX_DURING_WEEKEND",
            "TX_DURING_NIGHT",
            "CUSTOMER_ID_NB_TX_1DAY_WINDOW",
            "CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW",
            "CUSTOMER_ID_NB_TX_7DAY_WINDOW",
            "CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW",
            "CUSTOMER_ID_NB_TX_30DAY_WINDOW",
            "CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW",
            "TERMINAL_ID_NB_TX_1DAY_WINDOW",
            "TERMINAL_ID_RISK_1DAY_WINDOW",
            "TERMINAL_ID_NB_TX_7DAY_WINDOW",
            "TERMINAL_ID_RISK_7DAY_WINDOW",
            "TERMINAL_ID_NB_TX_30DAY_WINDOW",
            "TERMINAL_ID_RISK_30DAY_WINDOW");

    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);
    static final int WIDTH = COLUMNS.size();

    final int rows;
    /** Since midnight of the first day, UTC. */
    final int[] seconds;

    final int[] cards;
    final int[] terminals;
    final boolean[] fraud;
    final byte[] scenarios;
    /** {@code [rows, WIDTH]} */
    final float[] features;

    private final long startMs;

    private FraudRows(int rows, FraudSettings settings) {
        this.rows = rows;
        this.seconds = new int[rows];
        this.cards = new int[rows];
        this.terminals = new int[rows];
        this.fraud = new boolean[rows];
        this.scenarios = new byte[rows];
        this.features = new float[rows * WIDTH];
        this.startMs = 86_400_000L * settings.start().toEpochDay();
    }

    /** Our own names of the columns. */
    static List<String> names() {
        return FEATURES.layout().numeric();
    }

    int day(int row) {
        return seconds[row] / 86_400;
    }

    float feature(int row, int column) {
        return features[row * WIDTH + column];
    }

    /**
     * The rows of a file, or generated ones.
     *
     * @param source the Handbook's file, or {@code generated:SEED}
     */
    static FraudRows of(String source) throws DatasetException {
        String generated = "generated:";
        return source.startsWith(generated)
                ? generated(FraudSettings.handbook(Long.parseLong(source.substring(generated.length()))))
                : read(Path.of(source));
    }

    private static FraudRows read(Path file) throws DatasetException {
        Table table = Tables.read(file, Limits.DEFAULT);
        FraudRows read = new FraudRows(table.rows(), FraudSettings.handbook(0));
        int seconds = table.column("TX_TIME_SECONDS");
        int card = table.column("CUSTOMER_ID");
        int terminal = table.column("TERMINAL_ID");
        int fraud = table.column("TX_FRAUD");
        int scenario = table.column("TX_FRAUD_SCENARIO");
        int[] columns = COLUMNS.stream().mapToInt(table::column).toArray();
        for (int row = 0; row < read.rows; row++) {
            read.seconds[row] = (int) table.exactNumber(seconds, row);
            read.cards[row] = (int) table.exactNumber(card, row);
            read.terminals[row] = (int) table.exactNumber(terminal, row);
            read.fraud[row] = table.exactNumber(fraud, row) == 1;
            read.scenarios[row] = (byte) table.exactNumber(scenario, row);
            for (int column = 0; column < WIDTH; column++) {
                read.features[row * WIDTH + column] = table.number(columns[column], row);
            }
        }
        return read;
    }

    private static FraudRows generated(FraudSettings settings) {
        // Two a day and card, and room for a spread that is never met.
        int room = (int) (2.2 * settings.customers() * DAYS);
        FraudRows made = new FraudRows(room, settings);
        FraudGenerator generator = new FraudGenerator(settings);
        int row = 0;
        for (generator.next(); generator.day() < DAYS; generator.next()) {
            made.seconds[row] = (int) ((generator.timeMs() - made.startMs) / 1000);
            made.cards[row] = generator.card();
            made.terminals[row] = generator.terminal();
            made.fraud[row] = generator.isFraud();
            made.scenarios[row] = (byte) generator.scenario().ordinal();
            made.features[row * WIDTH] = generator.amount();
            row++;
        }
        FraudRows whole = made.first(row, settings);
        System.arraycopy(whole.velocity(), 0, whole.features, 0, whole.features.length);
        return whole;
    }

    private FraudRows first(int count, FraudSettings settings) {
        FraudRows part = new FraudRows(count, settings);
        System.arraycopy(seconds, 0, part.seconds, 0, count);
        System.arraycopy(cards, 0, part.cards, 0, count);
        System.arraycopy(terminals, 0, part.terminals, 0, count);
        System.arraycopy(fraud, 0, part.fraud, 0, count);
        System.arraycopy(scenarios, 0, part.scenarios, 0, count);
        System.arraycopy(features, 0, part.features, 0, count * WIDTH);
        return part;
    }

    /** All features as our velocity makes them of time, card, terminal, amount and label: {@code [rows, WIDTH]}. */
    float[] velocity() {
        Velocity velocity = new Velocity(FEATURES, max(cards) + 1, max(terminals) + 1);
        float[] made = new float[features.length];
        float[] out = new float[WIDTH];
        int known = 0;
        for (int row = 0; row < rows; row++) {
            for (; seconds[known] + LABEL_DELAY_SECONDS <= seconds[row]; known++) {
                velocity.confirmed(terminals[known], startMs + 1000L * seconds[known], fraud[known]);
            }
            velocity.paid(cards[row], terminals[row], startMs + 1000L * seconds[row], feature(row, 0), out);
            System.arraycopy(out, 0, made, row * WIDTH, WIDTH);
        }
        return made;
    }

    private static int max(int[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
