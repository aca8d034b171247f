package io.headwater.dataset;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.event.Label;
import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One line of the file of flights: of its 75 fields, the ones that make a {@link Flight}. */
final class FlightLine {
    private static final int UNKNOWN = Integer.MIN_VALUE;
    private static final long MINUTE_MS = 60_000;

    private String date = "";
    private String carrier = "";
    private String origin = "";
    private String originState = "";
    private String dest = "";
    private String destState = "";
    private String departureBlock = "";
    private String arrivalBlock = "";
    private int number = UNKNOWN;
    private int distance = UNKNOWN;
    private int elapsed = UNKNOWN;
    private int departure = UNKNOWN;
    private int arrival = UNKNOWN;
    private int dayOfWeek = UNKNOWN;
    private int late = UNKNOWN;
    private int delay = UNKNOWN;

    private FlightLine() {}

    /** Reads the object that the parser has just begun, to its end. */
    static FlightLine read(JsonParser parser) throws IOException {
        FlightLine line = new FlightLine();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NUMBER_INT) {
                line.number(name, parser);
            } else if (value == JsonToken.VALUE_STRING) {
                line.text(name, parser);
            } else {
                parser.skipChildren();
            }
        }
        return line;
    }

    private void number(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "FlightNum" -> number = parser.getIntValue();
            case "Distance" -> distance = parser.getIntValue();
            case "CRSElapsedTime" -> elapsed = parser.getIntValue();
            case "CRSDepTime" -> departure = parser.getIntValue();
            case "CRSArrTime" -> arrival = parser.getIntValue();
            case "DayOfWeek" -> dayOfWeek = parser.getIntValue();
            case "ArrDel15" -> late = parser.getIntValue();
            case "ArrDelay" -> delay = parser.getIntValue();
            default -> {}
        }
    }

    private void text(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "FlightDate" -> date = parser.getText();
            case "Carrier" -> carrier = parser.getText();
            case "Origin" -> origin = parser.getText();
            case "OriginState" -> originState = parser.getText();
            case "Dest" -> dest = parser.getText();
            case "DestState" -> destState = parser.getText();
            case "DepTimeBlk" -> departureBlock = parser.getText();
            case "ArrTimeBlk" -> arrivalBlock = parser.getText();
            default -> {}
        }
    }

    String id() {
        return String.join(
                "-", carrier, text("FlightNum", number), origin, dest, date.replace("-", ""), hhmm(departure));
    }

    private static String hhmm(int time) {
        return String.valueOf(10_000 + time).substring(1);
    }

    private static String text(String name, int value) {
        return Integer.toString(known(name, value));
    }

    private static int known(String name, int value) {
        if (value == UNKNOWN) {
            throw new IllegalArgumentException(name + " is missing or not an integer");
        }
        return value;
    }

    /** @param one gives the one copy of a string that thousands of flights share */
    Flight flight(AirportZones zones, UnaryOperator<String> one) {
        ZoneId there = zones.of(dest, destState);
        ZonedDateTime departs = LocalDate.parse(date, DateTimeFormatter.ISO_LOCAL_DATE)
                .atTime(clock("CRSDepTime", departure))
                .atZone(zones.of(origin, originState));
        // The file has no date of arrival: it is the next time that the destination's clock shows the scheduled hour.
        ZonedDateTime arrives = departs.withZoneSameInstant(there)
                .toLocalDate()
                .atTime(clock("CRSArrTime", arrival))
                .atZone(there);
        if (!arrives.isAfter(departs)) {
            arrives = arrives.plusDays(1);
        }
        long arrivesMs = arrives.toInstant().toEpochMilli();
        return new Flight(
                id(),
                departs.toInstant().toEpochMilli(),
                arrivesMs,
                one.apply(carrier),
                one.apply(origin),
                one.apply(dest),
                known("Distance", distance),
                known("CRSElapsedTime", elapsed),
                departure,
                arrival,
                one.apply(departureBlock),
                one.apply(arrivalBlock),
                known("DayOfWeek", dayOfWeek),
                label(arrivesMs));
    }

    private @Nullable Label label(long arrivesMs) {
        return late == UNKNOWN ? null : new Label(late, arrivesMs + known("ArrDelay", delay) * MINUTE_MS);
    }

    private static LocalTime clock(String name, int time) {
        known(name, time);
        return LocalTime.of(time / 100, time % 100);
    }
}
