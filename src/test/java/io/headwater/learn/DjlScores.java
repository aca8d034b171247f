package io.headwater.learn;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** Scores rows with an exported model in DJL's ONNX Runtime engine. Arguments: model, rows, where scores go. */
final class DjlScores {
    private DjlScores() {}

    static byte[] write(FeatureBatch batch) {
        return new StateWriter("rows", 1)
                .integer(batch.rows())
                .reals(batch.numeric(), batch.rows() * batch.numericWidth())
                .integers64(batch.categorical(), batch.rows() * batch.categoricalWidth())
                .toBytes();
    }

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        StateReader in = new StateReader(Files.readAllBytes(Path.of(arguments[1])), "rows", 1);
        int rows = in.integer();
        float[] numeric = in.reals();
        long[] categorical = in.integers64(rows * SyntheticStream.SCHEMA.categoricalWidth());
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(model)
                .optEngine("OnnxRuntime")
                .optTranslator(new NoopTranslator())
                .build();
        try (ZooModel<NDList, NDList> loaded = criteria.loadModel();
                Predictor<NDList, NDList> predictor = loaded.newPredictor();
                NDManager manager = loaded.getNDManager().newSubManager()) {
            NDList inputs = new NDList();
            for (TensorSpec input : OnnxGraph.read(Files.readAllBytes(model)).inputs()) {
                NDArray tensor = input.name().equals(ModelSignature.NUMERIC)
                        ? manager.create(numeric, new Shape(rows, numeric.length / rows))
                        : manager.create(categorical, new Shape(rows, categorical.length / rows));
                inputs.add(tensor);
            }
            NDList outputs = predictor.predict(inputs);
            byte[] scores = new StateWriter("scores", 1)
                    .reals(outputs.get(0).toFloatArray())
                    .reals(outputs.get(1).toFloatArray())
                    .toBytes();
            Files.write(Path.of(arguments[2]), scores);
        }
    }
}
