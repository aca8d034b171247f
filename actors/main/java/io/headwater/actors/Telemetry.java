package io.headwater.actors;

import io.headwater.api.HealthSource.Training;
import io.headwater.api.ModelAdmin;
import io.headwater.gate.Contest.Standing;
import io.headwater.gate.Prequential;
import io.headwater.gate.Verdict;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.line.LearningLine;
import io.headwater.line.StepOutcome;
import io.headwater.line.TrainingRun;
import io.headwater.metrics.ModelMeters;
import io.headwater.metrics.ModelMeters.Decision;
import io.headwater.metrics.ModelMeters.Examined;
import io.headwater.metrics.ModelMeters.Line;
import io.headwater.metrics.ModelMeters.Source;
import io.headwater.metrics.ModelMeters.Topic;
import io.headwater.metrics.ModelMeters.Watched;
import io.headwater.registry.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What the actors tell the world about one model: meters, health, and how far it is. Any thread may call any method;
 * nothing here decides anything.
 */
public final class Telemetry implements TrainingRun.Watcher {
    private static final long STANDING_EVERY_NS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_MS = Duration.ofHours(1).toMillis();

    /**
     * How far a model is.
     *
     * @param learned labelled examples learned in this process
     * @param promoted versions that the gate passed in this process
     * @param version the version that serves; 0 before the first
     * @param deadLetters refused records of the labels topic
     * @param championAuc prequential ROC AUC over the gate's window; NaN while unknown
     * @param frozenAuc of the frozen model, over the same examples
     */
    public record Progress(
            long learned, long promoted, long version, long deadLetters, double championAuc, double frozenAuc) {}

    private final ModelMeters meters;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final AtomicLong learned = new AtomicLong();
    private final Object learning = new Object();
    private final AtomicLong promoted = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final Histogram labelToServedMs = new ConcurrentHistogram(LONGEST_MS, 3);
    private final AtomicInteger scoringLoops = new AtomicInteger();
    private volatile int scoringExpected;
    private long learnedEver;
    /** The trainer's thread's own. */
    private boolean adapts;

    private volatile long version;
    private volatile String device = "none";
    private volatile Training training = Training.STARTING;
    private volatile String trainingReason = "";
    private volatile Optional<Standing> standing = Optional.empty();
    private volatile Optional<Waiting> waiting = Optional.empty();
    private long standingNs = System.nanoTime() - STANDING_EVERY_NS;

    Telemetry(ModelMeters meters) {
        this.meters = meters;
    }

    ModelMeters meters() {
        return meters;
    }

    // ---- what others ask

    /** Completes when the model serves and its line has recovered. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    public Progress progress() {
        double champion = standing.map(now -> now.champion().rocAuc()).orElse(Double.NaN);
        double frozen = standing.map(now -> now.frozen().rocAuc()).orElse(Double.NaN);
        return new Progress(learned.get(), promoted.get(), version, deadLetters.get(), champion, frozen);
    }

    /** From a label's append until a version that learned it serves, milliseconds. */
    public Histogram labelToServedMs() {
        return labelToServedMs;
    }

    /** Waits until the line has learned so many examples since its source model; false if it did not in time. */
    boolean awaitLearned(long examples, Duration most) throws InterruptedException {
        long endNs = System.nanoTime() + most.toNanos();
        synchronized (learning) {
            for (long leftMs = most.toMillis(); learnedEver < examples && leftMs > 0; ) {
                learning.wait(leftMs);
                leftMs = (endNs - System.nanoTime()) / 1_000_000;
            }
            return learnedEver >= examples;
        }
    }

    String device() {
        return device;
    }

    Training training() {
        return training;
    }

    boolean scoring() {
        return scoringLoops.get() > 0 && scoringLoops.get() == scoringExpected;
    }

    String trainingReason() {
        return trainingReason;
    }

    /** The version that waits for approval, if one does. */
    Optional<Waiting> waiting() {
        return waiting;
    }

    /** How the learning line stands; empty before that is known. */
    Optional<ModelAdmin.Line> line() {
        synchronized (learning) {
            long examples = learnedEver;
            return standing.map(now -> new ModelAdmin.Line(examples, ManifestWriter.figures(now)));
        }
    }

    // ---- what the actors tell

    /** The model is loaded; {@code loops} scoring loops are about to start. */
    void serves(long served, int loops) {
        version = served;
        scoringExpected = loops;
        meters.served(served);
    }

    void scoringLoop(boolean runs) {
        scoringLoops.addAndGet(runs ? 1 : -1);
    }

    void openFailed(Throwable cause) {
        ready.completeExceptionally(root(cause));
    }

    void swapped(long served, long tookNs, long nowMs, long[] appendedMs) {
        version = served;
        meters.swapped(served, Duration.ofNanos(tookNs));
        for (long appended : appendedMs) {
            long latencyMs = Math.max(0, nowMs - appended);
            labelToServedMs.recordValue(Math.min(LONGEST_MS, latencyMs));
            meters.labelToServed(latencyMs, 1);
        }
    }

    void waits(Optional<Waiting> version) {
        waiting = version;
        meters.waits(
                version.map(Waiting::version).orElse(0L),
                version.filter(one -> !one.isApproved()).map(Waiting::askedMs).orElse(0L));
    }

    /** A candidate passed and waits for an operator. */
    void proposed() {
        meters.candidate(Decision.PROPOSE);
    }

    void judged(Verdict verdict) {
        if (verdict instanceof Verdict.Promote) {
            promoted.incrementAndGet();
            meters.candidate(Decision.PROMOTE);
        } else {
            meters.candidate(verdict instanceof Verdict.Reject ? Decision.REJECT : Decision.WAIT);
        }
    }

    void labelLag(long records) {
        meters.lag(Topic.LABELS, records);
    }

    void trafficLag(long records) {
        meters.lag(Topic.TRAFFIC, records);
    }

    void device(String name) {
        device = name;
        meters.device(name);
    }

    @Override
    public void recovered(LearningLine line) {
        device(line.device());
        learnedEver(line);
        standing(line.standing());
        adaptation(line);
    }

    /** This process serves what others announce on {@code topic}. */
    void follows(String topic) {
        training = Training.FOLLOWING;
        trainingReason = "this process serves what topic " + topic + " announces";
        meters.noTraining();
        ready.complete(null);
    }

    void trainingRuns() {
        training = Training.LEARNING;
        trainingReason = "";
        meters.trainingUp(true);
        ready.complete(null);
    }

    /** Training stopped; says why in one sentence. */
    String trainingStopped(Throwable cause, boolean forGood) {
        training = forGood ? Training.ENDED : Training.RESTARTING;
        Throwable root = root(cause);
        String message = root.getMessage();
        trainingReason = message == null ? root.toString() : message;
        meters.trainingUp(false);
        if (forGood) {
            ready.complete(null);
        }
        return trainingReason;
    }

    /** True for failures that the outside world brings, which a sentence explains. */
    boolean expected(Throwable cause) {
        Throwable root = root(cause);
        return root instanceof StreamStoppedException
                || root instanceof IOException
                || root instanceof UncheckedIOException;
    }

    /** Called by the trainer's thread alone. */
    @Override
    public void stepped(StepOutcome outcome, int refused, long tookNs, LearningLine line) {
        int examples = outcome.record().examples();
        if (outcome.learned().isPresent()) {
            learned.addAndGet(examples);
            meters.learned(examples);
            learnedEver(line);
            meters.examined(Examined.ARRIVAL, outcome.examinedAtArrival());
            meters.examined(Examined.LABEL, outcome.examinedAtLabel());
            meters.trainingStep(Duration.ofNanos(tookNs));
            double loss = outcome.learned().get().adaptationLoss();
            adapts = adapts || loss != 0;
            if (adapts) {
                meters.adaptation().loss(loss);
            }
        }
        adaptation(line);
        if (refused > 0) {
            deadLetters.addAndGet(refused);
            meters.refused(Source.LABELS, refused);
            meters.deadLetters(Source.LABELS, refused);
        }
        outcome.record()
                .alarm()
                .ifPresent(
                        alarm -> meters.driftAlarm(alarm.detector().watchesLoss() ? Watched.LOSS : Watched.FEATURES));
        meters.pendingScores(line.pendingLogits());
        long nowNs = System.nanoTime();
        if (nowNs - standingNs >= STANDING_EVERY_NS) {
            standingNs = nowNs;
            standing(line.standing());
        }
    }

    private void learnedEver(LearningLine line) {
        synchronized (learning) {
            learnedEver = line.state().examplesLearned();
            learning.notifyAll();
        }
    }

    @Override
    public void checkpointed(long bytes, long tookNs) {
        meters.checkpointed(Duration.ofNanos(tookNs), bytes);
    }

    private void adaptation(LearningLine line) {
        line.adaptation()
                .ifPresent(standing ->
                        meters.adaptation().guard(standing.adapted(), standing.leadNats(), standing.leadAuc()));
    }

    private void standing(Standing standing) {
        standing(Line.CHAMPION, standing.champion());
        standing(Line.CHALLENGER, standing.challenger());
        standing(Line.FROZEN, standing.frozen());
        this.standing = Optional.of(standing);
    }

    private void standing(Line line, Prequential figures) {
        meters.logLoss(line, figures.logLossNats());
        meters.rocAuc(line, figures.rocAuc());
        meters.calibrationError(line, figures.calibrationError());
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null
                && (root instanceof java.util.concurrent.CompletionException || root instanceof StageFailedException)) {
            root = root.getCause();
        }
        return root;
    }
}
