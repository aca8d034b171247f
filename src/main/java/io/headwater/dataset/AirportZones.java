package io.headwater.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** The time zone of each US airport: its own where it differs from its state's, else its state's. */
final class AirportZones {
    private static final String TABLE = "airport-zones.csv";

    private final Map<String, ZoneId> states = new HashMap<>();
    private final Map<String, ZoneId> airports = new HashMap<>();

    private AirportZones() {}

    /** Reads the table that ships with the program, whose head states its rule. */
    static AirportZones load() throws IOException {
        AirportZones zones = new AirportZones();
        InputStream table = AirportZones.class.getResourceAsStream(TABLE);
        if (table == null) {
            throw new IllegalStateException("the resource " + TABLE + " is missing from the jar");
        }
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    zones.add(line.split(",", -1));
                }
            }
        }
        return zones;
    }

    private void add(String[] row) {
        Map<String, ZoneId> rows = row[0].equals("state") ? states : airports;
        if (rows.put(row[1], ZoneId.of(row[2])) != null) {
            throw new IllegalStateException(TABLE + " has two rows for " + row[0] + " " + row[1]);
        }
    }

    /** @throws IllegalArgumentException if the table has no row for either */
    ZoneId of(String airport, String state) {
        ZoneId own = airports.get(airport);
        if (own != null) {
            return own;
        }
        ZoneId zone = states.get(state);
        if (zone == null) {
            throw new IllegalArgumentException(
                    TABLE + " knows neither airport '" + airport + "' nor state '" + state + "'");
        }
        return zone;
    }
}
