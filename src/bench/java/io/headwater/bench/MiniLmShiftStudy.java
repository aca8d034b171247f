package io.headwater.bench;

import io.headwater.feature.FeatureBatch;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * MiniLM's last layer and a new head learn spam from text messages and have to find it in mail: with and without a term
 * that aligns the pooled features. Arguments: the data folder, methods separated by commas, seeds, rows of each domain,
 * learning rate, passes.
 *
 * <p>That many messages, of which a fifth is held out, as many mails without labels, and as many others for the test, all
 * drawn once; 32 tokens of each. A seed is that of the head and the batches. λ is the method's full one times half the
 * proxy A-distance of the features before training.
 */
final class MiniLmShiftStudy {
    private static final int TOKENS = 32;
    private static final int BATCH = 32;

    private final TrainingRows messages;
    private final TrainingRows mails;
    private final TrainingRows test;
    private final OnnxGraph graph = MiniLm.pretrained();
    private final int[] training;
    private final int[] heldOut;
    private final DomainTrainer.Settings settings;

    private MiniLmShiftStudy(Path data, int rows, DomainTrainer.Settings settings) throws Exception {
        LabeledTexts sms = LabeledTexts.sms(data);
        LabeledTexts mail = LabeledTexts.mail(data);
        int[] ofSms = drawn(sms, 1);
        int[] ofMail = drawn(mail, 2);
        this.messages = rows(sms, Arrays.copyOf(ofSms, rows));
        this.mails = rows(mail, Arrays.copyOf(ofMail, rows));
        this.test = rows(mail, Arrays.copyOfRange(ofMail, rows, 2 * rows));
        this.heldOut = IntStream.range(0, rows / 5).toArray();
        this.training = IntStream.range(rows / 5, rows).toArray();
        this.settings = settings;
        System.out.printf(
                Locale.ROOT,
                "%d messages to learn (spam %.3f), %d mails (spam %.3f) to align, %d others (%.3f) to test%n",
                training.length,
                share(messages),
                mails.size(),
                share(mails),
                test.size(),
                share(test));
    }

    private static int[] drawn(LabeledTexts texts, long seed) {
        int[] order = IntStream.range(0, texts.texts().size()).toArray();
        new SeededRandom(seed).shuffle(order);
        return order;
    }

    private static double share(TrainingRows rows) {
        return IntStream.range(0, rows.size()).map(rows::label).average().orElse(Double.NaN);
    }

    private TrainingRows rows(LabeledTexts texts, int[] which) throws Exception {
        List<String> chosen =
                Arrays.stream(which).mapToObj(row -> texts.texts().get(row)).toList();
        FeatureBatch batch = Features.of(backbone(1), MiniLm.inputs(graph, TOKENS), MiniLm.events(chosen))
                .rows();
        return TrainingRows.of(
                batch, Arrays.stream(which).map(row -> texts.labels()[row]).toArray());
    }

    private Backbone backbone(long seed) {
        return Backbone.of(graph, "last:1", 1, List.of(), seed);
    }

    public static void main(String[] args) throws Exception {
        List<Alignment> methods =
                Arrays.stream(args[1].split(",")).map(Alignment::of).toList();
        DomainTrainer.Settings settings = new DomainTrainer.Settings(
                Double.parseDouble(args[4]),
                DomainTrainer.Settings.USUAL.weightDecay(),
                BATCH,
                Integer.parseInt(args[5]));
        MiniLmShiftStudy study = new MiniLmShiftStudy(Path.of(args[0]), Integer.parseInt(args[3]), settings);
        Results results = new Results(
                "SMS to mail, MiniLM last:1", "AUC on mail", "AUC on messages", "distance in the features", "lambda");
        for (int seed = 1; seed <= Integer.parseInt(args[2]); seed++) {
            for (Alignment method : methods) {
                study.run(method, seed, results);
            }
        }
        results.print();
    }

    private void run(Alignment method, long seed, Results results) {
        AdaptNet fresh = AdaptNet.of(backbone(seed));
        double strength = method.strength(distance(fresh));
        AdaptNet net = new DomainTrainer(fresh, method.term(), strength, settings, TorchDevice.CPU, seed)
                .train(messages, training, mails, 2, DomainTrainer.Watcher.NONE);
        try (NetOutputs outputs = new NetOutputs(net, messages.layout(), TorchDevice.CPU)) {
            double onMail = auc(outputs, test, all(test));
            double onMessages = auc(outputs, messages, heldOut);
            double distance = distance(net);
            System.out.printf(
                    Locale.ROOT,
                    "%s | seed %d | AUC on mail %.4f | on held-out messages %.4f | distance %.3f | lambda %.3f%n",
                    method.spelled(),
                    seed,
                    onMail,
                    onMessages,
                    distance,
                    strength);
            results.add(method.spelled(), onMail, onMessages, distance, strength);
        }
    }

    private static int[] all(TrainingRows rows) {
        return IntStream.range(0, rows.size()).toArray();
    }

    private static double auc(NetOutputs outputs, TrainingRows rows, int[] which) {
        int[] labels = IntStream.range(0, rows.size()).map(rows::label).toArray();
        return Transfer.examined(outputs.logits(rows, which), labels, 2, which).rocAuc();
    }

    private double distance(AdaptNet net) {
        try (NetOutputs outputs = new NetOutputs(net, messages.layout(), TorchDevice.CPU)) {
            return ProxyDistance.between(
                    ProxyDistance.dense(outputs.features(messages, all(messages)), messages.size()),
                    ProxyDistance.dense(outputs.features(mails, all(mails)), mails.size()),
                    1);
        }
    }
}
