package io.headwater.bench;

import io.headwater.backbone.BackboneInputs;
import io.headwater.event.Event;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.Backbone;
import io.headwater.graph.Initializer;
import io.headwater.graph.Layers;
import io.headwater.graph.OnnxGraph;
import io.headwater.torch.FineTuning;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** all-MiniLM-L6-v2 as the studies use it: pre-trained, or the same net before it learned anything. */
final class MiniLm {
    private MiniLm() {}

    static OnnxGraph pretrained() {
        return FineTuning.miniLm();
    }

    /**
     * The same net with every weight drawn anew, normal with the mean and standard deviation that the pre-trained tensor
     * has: gains of a normalization stay around 1, so the net is one that could have been trained from here.
     */
    static OnnxGraph random(long seed) {
        OnnxGraph graph = pretrained();
        int layers = Layers.of(graph).body().size();
        Backbone whole = Backbone.of(graph, "last:" + layers, 1, List.of(), seed);
        Random random = new Random(seed);
        Map<String, float[]> drawn = new LinkedHashMap<>();
        for (String name : whole.weights()) {
            Initializer weight = graph.initializers().get(name);
            if (weight != null) {
                drawn.put(name, drawn(weight.floats(), random));
            }
        }
        return graph.withInitializers(drawn);
    }

    private static float[] drawn(float[] like, Random random) {
        double sum = 0;
        double squares = 0;
        for (float value : like) {
            sum += value;
            squares += (double) value * value;
        }
        double mean = sum / like.length;
        double deviation = Math.sqrt(Math.max(0, squares / like.length - mean * mean));
        float[] values = new float[like.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        return values;
    }

    /** Makes its inputs of an event's one text. */
    static RowEncoder inputs(OnnxGraph graph, int tokens) throws IOException {
        try (InputStream file = FineTuning.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            byte[] json = Objects.requireNonNull(file).readAllBytes();
            return BackboneInputs.text(graph, TextTokenizer.load(json, tokens), 0);
        }
    }

    static List<Event> events(List<String> texts) {
        List<Event> events = new ArrayList<>();
        for (String text : texts) {
            events.add(new Event("text-" + events.size(), 0, new float[0], new String[0], new String[] {text}));
        }
        return events;
    }
}
