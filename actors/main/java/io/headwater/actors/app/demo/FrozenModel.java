package io.headwater.actors.app.demo;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Version 1, read from its file as any other program would read it, one event at a time. One thread owns it. */
final class FrozenModel implements AutoCloseable {
    private final FeatureEncoder encoder;
    private final FeatureBatch batch;
    private final OnnxModel model;
    private final float[] logit = new float[1];

    private FrozenModel(FeatureEncoder encoder, FeatureBatch batch, OnnxModel model) {
        this.encoder = encoder;
        this.batch = batch;
        this.model = model;
    }

    /** @param root the folder of all models */
    static FrozenModel load(Path root, String model, FeatureSchema schema) throws IOException {
        FeatureBatch batch = new FeatureBatch(schema, 1);
        byte[] onnx = Files.readAllBytes(root.resolve(model).resolve("1").resolve("model.onnx"));
        return new FrozenModel(new FeatureEncoder(schema), batch, new OnnxModel(onnx, batch));
    }

    double logit(Event event) {
        batch.clear();
        encoder.encode(event, batch);
        model.logits(logit);
        return logit[0];
    }

    @Override
    public void close() {
        model.close();
    }
}
