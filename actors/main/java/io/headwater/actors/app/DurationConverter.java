package io.headwater.actors.app;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as 500ms, 90s, 5m or 1h; a bare number is refused because its unit is a guess. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            if (text.matches("[0-9.]+ *(ms|s|m|h|d)")) {
                Duration duration =
                        ConfigFactory.parseString("d = \"" + text + "\"").getDuration("d");
                if (duration.compareTo(Duration.ZERO) > 0) {
                    return duration;
                }
            }
        } catch (ConfigException e) {
            throw new TypeConversionException("'" + text + "' is no duration, allowed is for example 90s or 5m");
        }
        throw new TypeConversionException("'" + text + "' is no duration, allowed is for example 90s or 5m");
    }
}
