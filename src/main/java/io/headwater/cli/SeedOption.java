package io.headwater.cli;

import picocli.CommandLine.Option;

/** The option that fixes what chance decides. */
final class SeedOption {
    @Option(names = "--seed", defaultValue = "1", paramLabel = "N", description = "Fixes every choice by chance (1).")
    private long seed;

    long value() {
        return seed;
    }
}
