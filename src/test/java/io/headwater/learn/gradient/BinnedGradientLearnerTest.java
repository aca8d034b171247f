package io.headwater.learn.gradient;

import io.headwater.learn.Learner;
import io.headwater.learn.LearnerContract;
import io.headwater.learn.SyntheticStream;
import io.headwater.torch.TorchDevice;

/** A net with bins, whose replay is half of the latest rows. */
final class BinnedGradientLearnerTest extends LearnerContract {
    private static final SourceModel SOURCE = new SourceTrainer(
                    SyntheticStream.SCHEMA, SourceSettings.DEFAULT.withNumericBins(6), TorchDevice.CPU)
            .train(new SyntheticStream(42, 0, 0).take(400), epoch -> {});

    @Override
    protected Learner open(long seed) {
        return new GradientLearner(
                SOURCE, GradientSettings.DEFAULT.withRecentRows(40).withSeed(seed), TorchDevice.CPU);
    }
}
