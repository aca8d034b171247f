package io.headwater.learn.gradient;

import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.Backbone;
import io.headwater.graph.Backbone.TrainedLayer;
import io.headwater.graph.Cut;
import io.headwater.graph.GraphException;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.Initializer;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.learn.SeededRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The network of a tabular source model before it is trained, in the form of a backbone with a head, so that it is
 * trained as one is.
 */
public final class TabularSource {
    /** What {@link #backbone} can cut at. */
    public static final String CUTS = "all, last:2, last:1 and head";

    private static final List<String> HEAD = List.of("head.weight", "head.bias");

    private final FeatureSchema schema;
    private final TabularNet net;
    private final NumericScaler scaler;

    private TabularSource(FeatureSchema schema, TabularNet net, NumericScaler scaler) {
        this.schema = schema;
        this.net = net;
        this.scaler = scaler;
    }

    /**
     * With fresh weights.
     *
     * @param outputs 1 for two classes, else the number of classes
     * @param scaler what is known of the numeric columns
     */
    public static TabularSource fresh(FeatureSchema schema, int outputs, NumericScaler scaler, SeededRandom random) {
        return fresh(schema, outputs, scaler, NumericBins.NONE, random);
    }

    static TabularSource fresh(
            FeatureSchema schema, int outputs, NumericScaler scaler, NumericBins bins, SeededRandom random) {
        return new TabularSource(schema, net(schema, outputs, scaler, bins, random), scaler);
    }

    private static TabularNet net(
            FeatureSchema schema, int outputs, NumericScaler scaler, NumericBins bins, SeededRandom random) {
        return TabularNet.fresh(schema, TabularNet.Size.DEFAULT, outputs, scaler.mean(), scaler.scale(), bins, random);
    }

    /**
     * With the weights of an earlier one over the same columns, which it was trained on {@code rows} rows of.
     *
     * @param head whether its head is kept too
     * @throws GraphException if {@code earlier} is another network
     */
    public static TabularSource continuing(
            FeatureSchema schema, int outputs, OnnxGraph earlier, boolean head, long rows, SeededRandom random) {
        NumericScaler scaler = new NumericScaler(schema.numericWidth(), Double.POSITIVE_INFINITY);
        NumericBins bins = NumericBins.in(earlier, schema.numericWidth());
        TabularNet net = net(schema, outputs, scaler, bins, random);
        TabularNet kept = weights(net, earlier, head);
        if (schema.numericWidth() > 0) {
            scaler.restore(statistics(kept, rows));
        }
        return new TabularSource(schema, kept, scaler);
    }

    /** The scaler's state that means what the graph's initializers say. */
    private static double[] statistics(TabularNet net, long rows) {
        float[] mean = net.graph().initializer(net.anatomy().means()).floats();
        float[] scale = net.graph().initializer(net.anatomy().scales()).floats();
        int columns = mean.length;
        double[] state = new double[3 * columns];
        for (int i = 0; i < columns; i++) {
            state[i] = rows;
            state[columns + i] = mean[i];
            state[2 * columns + i] = (double) scale[i] * scale[i] * rows;
        }
        return state;
    }

    private static TabularNet weights(TabularNet net, OnnxGraph earlier, boolean head) {
        Map<String, float[]> weights = new HashMap<>();
        List<String> names = new ArrayList<>();
        net.anatomy().layers().forEach(names::addAll);
        names.addAll(List.of(net.anatomy().means(), net.anatomy().scales()));
        for (String name : names) {
            if (!name.isEmpty() && (head || !HEAD.contains(name))) {
                int size = net.graph().initializer(name).size();
                Initializer found = earlier.initializers().get(name);
                if (found == null || found.size() != size) {
                    throw new GraphException("the earlier model has no weight '" + name + "' of " + size
                            + " values: it is another network");
                }
                weights.put(name, found.floats());
            }
        }
        return new TabularNet(net.graph().withInitializers(weights), net.anatomy());
    }

    Anatomy anatomy() {
        return net.anatomy();
    }

    /**
     * Cut in two.
     *
     * @param words one of {@value #CUTS}
     * @throws GraphException if it is none of them
     */
    public Backbone backbone(String words) {
        Anatomy anatomy = net.anatomy();
        SplitGraph split = GraphSplitter.split(net.graph(), cut(words));
        List<TrainedLayer> trained = new ArrayList<>();
        for (List<String> layer : anatomy.layers()) {
            List<String> here = layer.stream()
                    .filter(split.suffix().initializers()::containsKey)
                    .toList();
            if (!here.isEmpty()) {
                String first = here.get(0);
                trained.add(new TrainedLayer(first.substring(0, first.lastIndexOf('.')), here));
            }
        }
        return new Backbone(split, anatomy.hidden(), anatomy.hidden(), anatomy.score(), HEAD, trained);
    }

    private Cut cut(String words) {
        return switch (words) {
            case "all" -> net.anatomy().cut(TabularNet.EMBEDDINGS);
            case "last:2" -> net.anatomy().cut(TabularNet.FEATURES);
            case "last:1" -> net.anatomy().cut(TabularNet.HIDDEN_0);
            case "head" -> Cut.at(net.anatomy().hidden());
            default ->
                throw new GraphException("the cut is '" + words + "'; a network for tables can be cut at " + CUTS);
        };
    }

    /**
     * The trained one.
     *
     * @param trained of one output, by name
     * @param sample as {@link SourceModel#sample}
     */
    public SourceModel source(Map<String, float[]> trained, LabeledRows sample, Validation validation) {
        return new SourceModel(
                net.graph().withInitializers(trained).toBytes(),
                net.anatomy(),
                schema.rows(),
                scaler.state(),
                sample,
                validation);
    }
}
