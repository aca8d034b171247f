package io.headwater.bench.adapt;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.gate.Ranking;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.torch.TorchDevice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What adaptation costs where it hurts, and how soon its guard gives it up: a whole learning line with its gate, home
 * labels that come soon, and a target whose labels come 4,000 of its events late. Served are adapted with guard, adapted
 * without, and unadapted. Arguments: method, λ or auto, first seed, last seed, relations, rounds, and, if it is not to be the
 * default, after how many target labels λ is half.
 */
final class NegativeTransferStudy {
    private static final int OF_EACH = 16;
    private static final int HOME_LATE = 5;
    private static final int TARGET_LATE = 250;
    private static final int SOURCE = 1_000;

    private enum Served {
        GUARDED,
        ADAPTED,
        UNADAPTED
    }

    /**
     * One served model's scores of target events, in order of arrival.
     *
     * @param switches target labels at which the guard changed the line in use
     * @param servedFrom events before the first version made since the first of them served, -1 where none did
     * @param labelsToServed target labels by then
     */
    private record Scores(
            float[] scores, boolean[] labels, List<Integer> switches, int servedFrom, int labelsToServed) {
        double auc(int from, int until) {
            return Ranking.of(scores, labels, from, until).rocAuc();
        }
    }

    private NegativeTransferStudy() {}

    public static void main(String[] args) {
        StreamAdaptation by = StreamAdaptation.by(Alignment.of(args[0])).withSources(Set.of(RelatedDomains.HOME));
        StreamAdaptation faded = args.length > 6 ? by.withFadeLabels(Integer.parseInt(args[6])) : by;
        StreamAdaptation adaptation = args[1].equals("auto") ? faded : faded.withLambda(Double.parseDouble(args[1]));
        for (String name : args[4].split(",")) {
            RelatedDomains.Relation relation = RelatedDomains.Relation.valueOf(name);
            System.out.println();
            System.out.println("| " + relation + ", " + args[0] + " " + args[1]
                    + " | changes over at label | served from label | before labels: guarded, adapted, unadapted |"
                    + " from labels to the fall back served | after it | worst 2,000 after it |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (long seed = Long.parseLong(args[2]); seed <= Long.parseLong(args[3]); seed++) {
                run(relation, adaptation, seed, Integer.parseInt(args[5]));
            }
        }
    }

    private static void run(RelatedDomains.Relation relation, StreamAdaptation adaptation, long seed, int rounds) {
        SourceModel source = new SourceTrainer(
                        RelatedDomains.SCHEMA, SourceSettings.DEFAULT.withSeed(seed), TorchDevice.CPU)
                .train(new RelatedDomains(relation, 1_000 + seed).home(SOURCE), epoch -> {});
        Map<Served, Scores> all = new EnumMap<>(Served.class);
        for (Served served : Served.values()) {
            try (ServedLine line = new ServedLine(source, learner(served, source, adaptation, seed))) {
                all.put(served, live(line, new RelatedDomains(relation, seed), rounds));
            }
        }
        Scores guarded = Objects.requireNonNull(all.get(Served.GUARDED));
        int labels = TARGET_LATE * OF_EACH;
        int end = guarded.scores.length;
        int fall = guarded.servedFrom < 0 ? end : guarded.servedFrom;
        System.out.printf(
                Locale.ROOT,
                "| seed %d | %s | %s | %s | %s | %s | %s |%n",
                seed,
                guarded.switches,
                guarded.servedFrom < 0 ? "" : guarded.labelsToServed,
                aucs(all, 0, labels),
                aucs(all, labels, fall),
                aucs(all, fall, end),
                worst(all, fall, end));
    }

    /** How far the guarded line is behind the unadapted one in AUC over 2,000 events, at the worst. */
    private static String worst(Map<Served, Scores> all, int from, int until) {
        double worst = Double.NEGATIVE_INFINITY;
        for (int at = from; at + 2_000 <= until; at += 250) {
            double guarded = Objects.requireNonNull(all.get(Served.GUARDED)).auc(at, at + 2_000);
            worst = Math.max(
                    worst, Objects.requireNonNull(all.get(Served.UNADAPTED)).auc(at, at + 2_000) - guarded);
        }
        return Double.isFinite(worst) ? String.format(Locale.ROOT, "%+.4f", -worst) : "";
    }

    private static String aucs(Map<Served, Scores> all, int from, int until) {
        if (until - from < 200) {
            return "";
        }
        List<String> each = Arrays.stream(Served.values())
                .map(served -> String.format(
                        Locale.ROOT,
                        "%.3f",
                        Objects.requireNonNull(all.get(served)).auc(from, until)))
                .toList();
        return String.join(", ", each);
    }

    private static Learner learner(Served served, SourceModel source, StreamAdaptation adaptation, long seed) {
        GradientSettings plain = GradientSettings.DEFAULT.withSeed(seed);
        GradientSettings adapted = plain.withAdaptation(adaptation);
        return switch (served) {
            case UNADAPTED -> new GradientLearner(source, plain, TorchDevice.CPU);
            case ADAPTED -> new GradientLearner(source, adapted, TorchDevice.CPU);
            case GUARDED ->
                new GuardedLearner(
                        new GradientLearner(source, adapted, TorchDevice.CPU),
                        new GradientLearner(source, plain, TorchDevice.CPU),
                        adaptation.sources());
        };
    }

    private static Scores live(ServedLine line, RelatedDomains stream, int rounds) {
        float[] scores = new float[rounds * OF_EACH];
        boolean[] labels = new boolean[scores.length];
        Deque<List<LabeledExample>> home = new ArrayDeque<>();
        Deque<List<LabeledExample>> target = new ArrayDeque<>();
        int arrived = 0;
        List<Integer> switches = new ArrayList<>();
        int servedFrom = -1;
        int labelsToServed = 0;
        int targetLabels = 0;
        for (int round = 0; round < rounds; round++) {
            home.add(stream.home(OF_EACH));
            List<LabeledExample> fresh = stream.target(OF_EACH);
            target.add(fresh);
            List<Event> events = new ArrayList<>();
            fresh.forEach(example -> events.add(example.event()));
            float[] said = line.arrive(events);
            for (int i = 0; i < OF_EACH; i++) {
                scores[arrived] = said[i];
                labels[arrived++] = fresh.get(i).label().value() == 1;
            }
            List<Event> homeEvents = new ArrayList<>();
            home.getLast().forEach(example -> homeEvents.add(example.event()));
            line.arrive(homeEvents);
            List<LabeledExample> batch = new ArrayList<>();
            if (home.size() > HOME_LATE) {
                batch.addAll(home.remove());
            }
            if (target.size() > TARGET_LATE) {
                batch.addAll(target.remove());
                targetLabels += OF_EACH;
            }
            if (!batch.isEmpty() && line.learn(batch)) {
                switches.add(targetLabels);
            }
            // The fall back counts from the version that the gate let serve after it.
            if (servedFrom < 0 && !switches.isEmpty() && line.promotedSinceNews()) {
                servedFrom = arrived;
                labelsToServed = targetLabels;
            }
        }
        return new Scores(scores, labels, switches, servedFrom, labelsToServed);
    }
}
