package io.headwater.bench;

import io.headwater.event.Event;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.gradient.Recipe;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * How deep to train a vision model on few pictures of another kind than it knows. Arguments: the data folder, first and
 * last seed.
 *
 * <p>MobileNetV2, cut off inside at its 960 pooled channels, and CIFAR-10: seeds 1 to 3 draw 3,000 of its 10,000 test
 * images, 1,500 to learn and 1,500 for the test; of the former the recipe's validation share is held out. 32 × 32 pixels
 * are resized to 224 × 224, which the graph asks for. {@link Recipe#NEW_HEAD} at the cut {@code head}, {@link
 * Recipe#FINE_TUNING} at {@code last:1}, both as they are; and "patient", {@code last:1} with the rates of the latter, head
 * and layer together from the start, for as long as the former. The row "chosen" is the one of all with the least log
 * loss on the held-out rows of its seed.
 */
final class ImageStudy {
    private static final int CLASSES = 10;
    private static final int LEARNED = 1_500;
    private static final int SIDE = 224;
    private static final Recipe PATIENT = new Recipe(
            Recipe.NEW_HEAD.learningRate(),
            Recipe.NEW_HEAD.weightDecay(),
            Recipe.NEW_HEAD.clipNorm(),
            Recipe.NEW_HEAD.batchRows(),
            Recipe.NEW_HEAD.maxEpochs(),
            Recipe.NEW_HEAD.stopping(),
            Recipe.NEW_HEAD.validationShare(),
            Recipe.NEW_HEAD.schedule(),
            Recipe.FINE_TUNING.layerRates(),
            Recipe.NEW_HEAD.unfreezing(),
            Recipe.NEW_HEAD.objective(),
            Recipe.NEW_HEAD.augmentation());

    private ImageStudy() {}

    public static void main(String[] args) throws Exception {
        Path data = Path.of(args[0]);
        CifarImages images = CifarImages.read(data);
        List<Event> events = images.events();
        OnnxGraph graph = OnnxGraph.read(data.resolve("mobilenet_v2/mobilenetv2_mid960.onnx"), OnnxGraph.MAX_BYTES);
        Map<String, Map<String, Recipe>> cuts = new LinkedHashMap<>();
        cuts.put("head", Map.of("", Recipe.NEW_HEAD));
        cuts.put("last:1", new TreeMap<>(Map.of("", Recipe.FINE_TUNING, ", patient", PATIENT)));
        Results results = new Results(
                "CIFAR-10", "accuracy", "held-out accuracy", "held-out log loss", "prefix s", "training s", "epochs");
        for (int seed = Integer.parseInt(args[1]); seed <= Integer.parseInt(args[2]); seed++) {
            Split split = split(images.labels().length, seed);
            int[] used = all(split);
            Transfer chosen = null;
            double prefix = 0;
            for (Map.Entry<String, Map<String, Recipe>> entry : cuts.entrySet()) {
                String cut = entry.getKey();
                Backbone backbone = Backbone.of(graph, cut, CLASSES, List.of(), seed);
                Features features = Features.of(
                        backbone, images.inputs(graph.inputs().get(0).name(), SIDE), events, used);
                for (Map.Entry<String, Recipe> recipe : entry.getValue().entrySet()) {
                    Transfer done = Transfer.run(
                            backbone, recipe.getValue(), features.rows(), images.labels(), CLASSES, split, seed);
                    add(results, "MobileNetV2, " + cut + recipe.getKey(), done, features.seconds());
                    if (chosen == null
                            || done.heldOut().logLoss() < chosen.heldOut().logLoss()) {
                        chosen = done;
                        prefix = features.seconds();
                    }
                }
            }
            if (chosen != null) {
                add(results, "chosen", chosen, prefix);
            }
        }
        results.print();
    }

    private static void add(Results results, String row, Transfer done, double prefix) {
        results.add(
                row,
                done.test().accuracy(),
                done.heldOut().accuracy(),
                done.heldOut().logLoss(),
                prefix,
                done.seconds(),
                done.epochs());
    }

    private static Split split(int rows, int seed) {
        Random random = new Random(seed);
        int[] drawn = random.ints(0, rows).distinct().limit(2 * LEARNED).toArray();
        int trained = LEARNED - (int) Math.round(LEARNED * Recipe.FINE_TUNING.validationShare());
        return new Split(
                Arrays.copyOf(drawn, trained),
                Arrays.copyOfRange(drawn, trained, LEARNED),
                Arrays.copyOfRange(drawn, LEARNED, drawn.length));
    }

    private static int[] all(Split split) {
        int[] all = Arrays.copyOf(split.training(), 2 * LEARNED);
        System.arraycopy(split.heldOut(), 0, all, split.training().length, split.heldOut().length);
        System.arraycopy(split.test(), 0, all, LEARNED, LEARNED);
        return all;
    }
}
