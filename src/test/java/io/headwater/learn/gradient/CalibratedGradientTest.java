package io.headwater.learn.gradient;

import io.headwater.learn.Learner;
import io.headwater.learn.LearnerContract;
import io.headwater.learn.SyntheticStream;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.torch.TorchDevice;

/** A net whose exported file has a map in it from the start. */
final class CalibratedGradientTest extends LearnerContract {
    private static final SourceModel SOURCE = new SourceTrainer(
                    SyntheticStream.SCHEMA, SourceSettings.DEFAULT, TorchDevice.CPU)
            .train(new SyntheticStream(42, 0, 0).take(400), epoch -> {});

    @Override
    protected Learner open(long seed) {
        return new CalibratedModel(
                new GradientLearner(SOURCE, GradientSettings.DEFAULT.withSeed(seed), TorchDevice.CPU),
                new LogitMap(0.6, -0.4));
    }
}
