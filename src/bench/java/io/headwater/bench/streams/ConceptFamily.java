package io.headwater.bench.streams;

import moa.options.AbstractOptionHandler;
import moa.streams.InstanceStream;
import moa.streams.generators.AgrawalGenerator;
import moa.streams.generators.HyperplaneGenerator;
import moa.streams.generators.LEDGeneratorDrift;
import moa.streams.generators.RandomRBFGenerator;
import moa.streams.generators.RandomRBFGeneratorDrift;
import moa.streams.generators.SEAGenerator;

/**
 * A generator of MOA and the concepts that it is asked for, with MOA's defaults but for what is said here. Drifting
 * settings are those of Gomes et al., Adaptive random forests for evolving data stream classification (Machine Learning
 * 106, 2017), where it has them.
 */
enum ConceptFamily {
    /** Street and Kim (KDD 2001): the four thresholds in their order; 10 % of the labels are noise. */
    SEA {
        @Override
        InstanceStream concept(int number, long seed) {
            SEAGenerator generator = new SEAGenerator();
            generator.functionOption.setValue(number + 1);
            generator.instanceRandomSeedOption.setValue(own(seed, number));
            return ready(generator);
        }
    },
    /** Agrawal et al. (TKDE 1993): functions 1, 4, 7 and 9, which read different columns. */
    AGRAWAL {
        private static final int[] FUNCTIONS = {1, 4, 7, 9};

        @Override
        InstanceStream concept(int number, long seed) {
            AgrawalGenerator generator = new AgrawalGenerator();
            generator.functionOption.setValue(FUNCTIONS[number]);
            generator.instanceRandomSeedOption.setValue(own(seed, number));
            return ready(generator);
        }
    },
    /** Hulten et al. (KDD 2001): another plane for each concept; moving, all ten weights by .001 a row. */
    HYPERPLANE {
        @Override
        InstanceStream concept(int number, long seed) {
            HyperplaneGenerator generator = new HyperplaneGenerator();
            generator.instanceRandomSeedOption.setValue(own(seed, number));
            return ready(generator);
        }

        @Override
        InstanceStream moving(String kind, long seed) {
            HyperplaneGenerator generator = new HyperplaneGenerator();
            generator.numDriftAttsOption.setValue(generator.numAttsOption.getValue());
            generator.magChangeOption.setValue(0.001);
            generator.instanceRandomSeedOption.setValue(own(seed, 0));
            return ready(generator);
        }
    },
    /** Fifty Gaussian clusters, other ones for each concept; moving, all of them by .0001 a row, fast by .001. */
    RBF {
        @Override
        InstanceStream concept(int number, long seed) {
            RandomRBFGenerator generator = new RandomRBFGenerator();
            generator.modelRandomSeedOption.setValue(own(seed, number));
            generator.instanceRandomSeedOption.setValue(own(seed, number));
            return ready(generator);
        }

        @Override
        InstanceStream moving(String kind, long seed) {
            RandomRBFGeneratorDrift generator = new RandomRBFGeneratorDrift();
            generator.modelRandomSeedOption.setValue(own(seed, 0));
            generator.instanceRandomSeedOption.setValue(own(seed, 0));
            generator.numDriftCentroidsOption.setValue(generator.numCentroidsOption.getValue());
            generator.speedChangeOption.setValue(kind.equals("fast") ? 0.001 : 0.0001);
            return ready(generator);
        }
    },
    /** Breiman et al. (1984): ten digits, 1, 3, 5 and 7 of the segments trade places with irrelevant ones. */
    LED {
        @Override
        InstanceStream concept(int number, long seed) {
            LEDGeneratorDrift generator = new LEDGeneratorDrift();
            generator.numberAttributesDriftOption.setValue(1 + 2 * number);
            generator.instanceRandomSeedOption.setValue(own(seed, number));
            return ready(generator);
        }
    };

    /** Rows of one concept, without end; concepts are numbered from 0 to 3. */
    abstract InstanceStream concept(int number, long seed);

    /** A concept that changes with every row. */
    InstanceStream moving(String kind, long seed) {
        throw new IllegalArgumentException(this + " has no concept that is " + kind);
    }

    private static int own(long seed, int number) {
        return (int) (1000 * seed + number);
    }

    private static <G extends AbstractOptionHandler & InstanceStream> G ready(G generator) {
        generator.prepareForUse();
        return generator;
    }
}
