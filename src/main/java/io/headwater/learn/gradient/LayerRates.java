package io.headwater.learn.gradient;

import io.headwater.learn.Allowed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What part of the learning rate each layer takes: 1 for the head, {@code backboneFactor} for the top layer right of the
 * cut, and {@code layerDecay} times the one above for each below. Layers near the input hold what is general and should
 * move least: Howard & Ruder, Universal Language Model Fine-tuning (ACL 2018), section 3.2.
 *
 * @param backboneFactor of the top layer; pre-trained weights take far smaller steps than a fresh head
 * @param layerDecay from a layer to the one below it; 1 treats all alike
 */
public record LayerRates(double backboneFactor, double layerDecay) {
    /** The same rate everywhere. */
    public static final LayerRates EQUAL = new LayerRates(1, 1);

    public LayerRates {
        Allowed.above("backbone factor", backboneFactor, 0, 100);
        Allowed.above("layer decay", layerDecay, 0, 1);
    }

    /**
     * The factor of a layer.
     *
     * @param layer 0 for the head, then from the top down
     */
    public double factor(int layer) {
        return layer == 0 ? 1 : backboneFactor * StrictMath.pow(layerDecay, layer - 1);
    }

    /**
     * The factor of each weight by name, as {@code AdamW.step} takes it; 0 in layers that do not train yet.
     *
     * @param open how many layers train, the head not counted
     */
    public Map<String, Float> factors(WeightLayers layers, int open) {
        Map<String, Float> factors = new LinkedHashMap<>();
        List<List<String>> fromHead = layers.fromHead();
        for (int layer = 0; layer < fromHead.size(); layer++) {
            float factor = layer <= open ? (float) factor(layer) : 0f;
            fromHead.get(layer).forEach(name -> factors.put(name, factor));
        }
        return factors;
    }
}
