package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Clock;
import io.headwater.dataset.Flight;
import io.headwater.dataset.Flights;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.event.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Recorded streams out of the data folder. */
final class RealStreams {
    static final List<String> NAMES = List.of("elec2", "elec2-first-half", "flights", "fraud");

    private static final @Nullable String[] NO_TEXTS = {};
    private static final int FRAUD_LABEL_DAYS = 7;

    private RealStreams() {}

    /** @param name one of {@link #NAMES} */
    static StreamRows read(String name, Path data) throws IOException {
        return switch (name) {
            case "elec2" -> elec2(name, data, 1);
            case "elec2-first-half" -> elec2(name, data, 2);
            case "flights" -> flights(data);
            case "fraud" -> fraud(data);
            default -> throw new IllegalArgumentException("there is no stream '" + name + "'; there are " + NAMES);
        };
    }

    /** The price of electricity goes up or down; the first of {@code parts} parts of it. */
    private static StreamRows elec2(String name, Path data, int parts) throws IOException {
        Table table = Tables.read(data.resolve("elec2/electricity.csv"), Limits.DEFAULT);
        List<String> columns =
                table.names().stream().filter(column -> !column.equals("class")).toList();
        return numbers(name, table, columns, "class", table.rows() / parts).build(List.of(), Clock.NONE);
    }

    /** Card transactions with the Handbook's features; a label comes seven days after its transaction. */
    private static StreamRows fraud(Path data) throws IOException {
        Table table = Tables.read(data.resolve("fraud_handbook/transactions.csv.gz"), Limits.DEFAULT);
        List<String> columns = table.names().stream()
                .filter(column -> column.equals("TX_AMOUNT")
                        || column.startsWith("TX_DURING_")
                        || column.matches("(CUSTOMER|TERMINAL)_ID_.+"))
                .toList();
        int seconds = table.column("TX_TIME_SECONDS");
        double[] events = new double[table.rows()];
        double[] labels = new double[table.rows()];
        for (int row = 0; row < events.length; row++) {
            events[row] = table.exactNumber(seconds, row);
            labels[row] = events[row] + Duration.ofDays(FRAUD_LABEL_DAYS).toSeconds();
        }
        return numbers("fraud", table, columns, "TX_FRAUD", table.rows()).build(List.of(), new Clock(events, labels));
    }

    private static StreamBuilder numbers(String name, Table table, List<String> columns, String label, int rows) {
        StreamBuilder builder = new StreamBuilder(name, columns, List.of());
        int[] places = columns.stream().mapToInt(table::column).toArray();
        int labels = table.column(label);
        float[] numbers = new float[places.length];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < places.length; i++) {
                numbers[i] = table.number(places[i], row);
            }
            builder.add(numbers, NO_TEXTS, (int) table.number(labels, row));
        }
        return builder;
    }

    /** Flights of which it is known whether they were late; a label comes when a flight arrives. */
    private static StreamRows flights(Path data) throws IOException {
        List<String> categories = new ArrayList<>(Flights.LAYOUT.categorical());
        categories.add("DayOfWeek");
        StreamBuilder builder = new StreamBuilder("flights", Flights.LAYOUT.numeric(), categories);
        List<Flight> flights = unpacked(data.resolve("flights/airlineStats_9746_unique.json.gz")).stream()
                .filter(flight -> flight.label() != null)
                .toList();
        double[] events = new double[flights.size()];
        double[] labels = new double[flights.size()];
        for (int row = 0; row < events.length; row++) {
            Flight flight = flights.get(row);
            Label label = Objects.requireNonNull(flight.label());
            events[row] = flight.timeMs();
            labels[row] = label.timeMs();
            float[] numbers = {
                flight.distanceMiles(), flight.elapsedMinutes(), flight.departureLocal(), flight.arrivalLocal()
            };
            @Nullable
            String[] texts = {
                flight.carrier(),
                flight.origin(),
                flight.dest(),
                flight.departureBlock(),
                flight.arrivalBlock(),
                Integer.toString(flight.dayOfWeek())
            };
            builder.add(numbers, texts, (int) label.value());
        }
        return builder.build(List.of(), new Clock(events, labels));
    }

    private static List<Flight> unpacked(Path packed) throws IOException {
        Path plain = Files.createTempFile("flights", ".json");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, plain, StandardCopyOption.REPLACE_EXISTING);
            return Flights.read(plain);
        } finally {
            Files.delete(plain);
        }
    }
}
