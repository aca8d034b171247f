package io.headwater.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.event.EventLayout;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * US domestic flights of January 2014 as the Bureau of Transportation Statistics published them: a sample that ships
 * with Apache Pinot's tools and that the build puts beside the program.
 */
public final class Flights {
    /** Which fields of a flight's event a model sees, under the names that the file gives them. */
    public static final EventLayout LAYOUT = new EventLayout(
            List.of("Distance", "CRSElapsedTime", "CRSDepTime", "CRSArrTime"),
            List.of("Carrier", "Origin", "Dest", "DepTimeBlk", "ArrTimeBlk"));

    private static final String FILE = "airlineStats_data.json";

    private final AirportZones zones;
    private final Set<String> ids = new HashSet<>();
    private final Map<String, String> words = new HashMap<>();
    private final List<Flight> flights = new ArrayList<>();

    private Flights(AirportZones zones) {
        this.zones = zones;
    }

    /** Where the build puts the file: {@code data/} below the program's home. */
    public static Path file() {
        return Path.of(System.getProperty("headwater.home", "target/headwater"), "data", FILE);
    }

    /**
     * Reads the file, which holds every flight twice, and keeps each once.
     *
     * @return sorted by scheduled departure, then id
     * @throws IOException if the file is missing or a line is not what it should be; the message says which
     */
    public static List<Flight> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException(
                    "the recorded flights are not at " + file + "; 'mvn package' puts them there");
        }
        Flights flights = new Flights(AirportZones.load());
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                flights.add(parser);
            }
        }
        flights.flights.sort(Comparator.comparingLong(Flight::timeMs).thenComparing(Flight::id));
        return List.copyOf(flights.flights);
    }

    private void add(JsonParser parser) throws IOException {
        int line = parser.currentLocation().getLineNr();
        FlightLine row = FlightLine.read(parser);
        try {
            if (ids.add(row.id())) {
                flights.add(row.flight(zones, word -> words.computeIfAbsent(word, same -> same)));
            }
        } catch (RuntimeException e) {
            throw new JsonParseException(parser, "line " + line + ": " + e.getMessage(), e);
        }
    }
}
