package io.headwater.bench.streams;

import io.headwater.bench.streams.Contestant.Side;
import java.util.List;
import moa.classifiers.AbstractClassifier;
import moa.classifiers.meta.AdaptiveRandomForest;
import moa.classifiers.meta.LeveragingBag;
import moa.classifiers.meta.StreamingRandomPatches;
import moa.classifiers.trees.HoeffdingTree;

/** The learners that are not ours: MOA's and Vowpal Wabbit's with their own defaults, but for what their titles say. */
final class Peers {
    /** How the titles of Vowpal Wabbit's rows begin; alone it is the one with its own rate. */
    static final String VW = "VW logistic";

    private static final int TREES = 10;

    static final List<Contestant> ALL = List.of(
            moa("arf", "MOA ARF, 10 trees", true, Peers::adaptiveRandomForest),
            moa("srp", "MOA SRP, 10 trees", true, Peers::randomPatches),
            moa("levbag", "MOA Leveraging Bagging, 10 trees", true, LeveragingBag::new),
            moa("ht", "MOA Hoeffding tree", false, HoeffdingTree::new),
            vw("vw", VW, 0.5),
            vw("vw-5", VW + ", rate 5", 5),
            vw("vw-50", VW + ", rate 50", 50));

    /** Makes a classifier of MOA, not yet prepared. */
    @FunctionalInterface
    private interface Classifier {
        AbstractClassifier create();
    }

    private Peers() {}

    private static Contestant moa(String name, String title, boolean isSeeded, Classifier classifier) {
        return new Contestant(
                name, title, Side.PEER, isSeeded, (rows, seed) -> new MoaLearner(classifier.create(), rows, seed));
    }

    private static Contestant vw(String name, String title, double rate) {
        return new Contestant(name, title, Side.PEER, false, (rows, seed) -> new VwLearner(rows.classes(), rate));
    }

    private static AdaptiveRandomForest adaptiveRandomForest() {
        AdaptiveRandomForest forest = new AdaptiveRandomForest();
        forest.ensembleSizeOption.setValue(TREES);
        return forest;
    }

    private static StreamingRandomPatches randomPatches() {
        StreamingRandomPatches patches = new StreamingRandomPatches();
        patches.ensembleSizeOption.setValue(TREES);
        return patches;
    }
}
