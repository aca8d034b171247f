package io.headwater.actors.app.demo;

import io.headwater.event.Event;
import io.headwater.feature.Featurizer;
import io.headwater.learn.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Version 1, read from its file as any other program would read it, one event at a time. One thread owns it. */
final class FrozenModel implements AutoCloseable {
    private final Featurizer featurizer;
    private final OnnxModel model;
    private final float[] logit = new float[1];

    private FrozenModel(Featurizer featurizer, OnnxModel model) {
        this.featurizer = featurizer;
        this.model = model;
    }

    /**
     * @param root the folder of all models
     * @param featurizer closed with the model
     */
    static FrozenModel load(Path root, String model, Featurizer featurizer) throws IOException {
        byte[] onnx = Files.readAllBytes(root.resolve(model).resolve("1").resolve("model.onnx"));
        return new FrozenModel(featurizer, new OnnxModel(onnx, featurizer.batch()));
    }

    double logit(Event event) {
        featurizer.encode(List.of(event));
        model.logits(logit);
        return logit[0];
    }

    @Override
    public void close() {
        model.close();
        featurizer.close();
    }
}
