package io.headwater.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the numbers of options, and says of what is none that it is none, where Java speaks of its types. */
public final class NumberWords {
    private NumberWords() {}

    /** Has {@code line} and its subcommands read numbers so. */
    public static CommandLine in(CommandLine line) {
        ITypeConverter<Integer> whole =
                text -> read(text, Integer::valueOf, "whole number", Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        ITypeConverter<Long> large =
                text -> read(text, Long::valueOf, "whole number", Long.MIN_VALUE + " to " + Long.MAX_VALUE);
        ITypeConverter<Double> number = text -> read(text, Double::valueOf, "number", "0.1, 5 or 1e-3, for example,");
        return line.registerConverter(Integer.class, whole)
                .registerConverter(int.class, whole)
                .registerConverter(Long.class, large)
                .registerConverter(long.class, large)
                .registerConverter(Double.class, number)
                .registerConverter(double.class, number);
    }

    private static <N> N read(String text, Function<String, N> reader, String what, String allowed) {
        try {
            return reader.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is no " + what + "; " + allowed + " is allowed");
        }
    }
}
