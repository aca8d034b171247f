package io.headwater.torch;

import io.headwater.graph.Backbone;
import java.util.List;
import java.util.Random;

/** A fresh process that fine-tunes MiniLM at a cut for a few steps and prints the SHA-256 of the weights. */
final class FineTuningMain {
    private FineTuningMain() {}

    /** @param args the cut, the number of steps, the seed */
    public static void main(String[] args) {
        System.out.println(fingerprint(args[0], Integer.parseInt(args[1]), Long.parseLong(args[2])));
    }

    static String fingerprint(String cut, int steps, long seed) {
        Backbone backbone = Backbone.of(FineTuning.miniLm(), cut, 1, List.of(8), seed);
        try (FineTuning training = new FineTuning(backbone, 4, 8)) {
            Random random = new Random(seed);
            for (int i = 0; i < steps; i++) {
                training.stage(random);
                training.step(1e-3f);
            }
            return training.fingerprint();
        }
    }
}
