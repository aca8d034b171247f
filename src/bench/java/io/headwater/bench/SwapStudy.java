package io.headwater.bench;

import io.headwater.backbone.FrozenPart;
import io.headwater.event.Event;
import io.headwater.feature.RowSource;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What scoring feels of a swap. Arguments: the data folder, {@code suffix} or {@code whole}, tokens of a row, swaps,
 * milliseconds from one swap to the next.
 *
 * <p>One thread scores batches of 8 SMS without pause, text to probability. Another loads, warms and swaps a version in
 * again and again: the suffix of MiniLM cut at {@code last:1} behind a shared frozen part, or MiniLM whole. The versions
 * are eight files with different heads. A batch counts in every window that it overlaps: while the next version is
 * loaded and warmed; the {@value #WINDOW_MS} ms after a swap; or, as the match of that swap, as long a window half-way to
 * the next load, when nothing else happens. Ratios are of 99th percentiles and of medians, their intervals by the
 * bootstrap over swaps.
 */
final class SwapStudy {
    private static final int BATCH = 8;
    private static final int FILES = 8;
    private static final int WINDOW_MS = 100;

    /** What a version takes and leaves: nanoseconds of {@link System#nanoTime}. */
    record Swap(long begun, long warm, long swapped, long version) {}

    /** One scored batch. */
    record Scored(long begun, long ended, long version) {}

    private final RowSource rows;
    private final List<byte[]> files;
    private final List<Event> events;
    private final int swaps;
    private final long pauseNanos;
    private final CountDownLatch scoring = new CountDownLatch(1);
    private volatile boolean done;
    /** Events taken in that got no probability; the scoring thread's until it has ended. */
    private long lost;

    private SwapStudy(RowSource rows, List<byte[]> files, List<Event> events, int swaps, long pauseMs) {
        this.rows = rows;
        this.files = files;
        this.events = events;
        this.swaps = swaps;
        this.pauseNanos = TimeUnit.MILLISECONDS.toNanos(pauseMs);
    }

    public static void main(String[] args) throws Exception {
        boolean whole = args[1].equals("whole");
        int tokens = Integer.parseInt(args[2]);
        OnnxGraph graph = MiniLm.pretrained();
        List<Event> events = MiniLm.events(LabeledTexts.sms(Path.of(args[0])).texts());
        List<byte[]> files = new ArrayList<>();
        for (int seed = 1; seed <= FILES; seed++) {
            Backbone backbone = Backbone.of(graph, "last:1", 1, List.of(), seed);
            files.add((whole ? backbone.split().whole() : backbone.split().suffix()).toBytes());
        }
        try (RowSource rows = whole
                ? RowSource.of(MiniLm.inputs(graph, tokens))
                : FrozenPart.load(
                        Backbone.of(graph, "last:1", 1, List.of(), 1).split(), MiniLm.inputs(graph, tokens))) {
            SwapStudy study = new SwapStudy(rows, files, events, Integer.parseInt(args[3]), Long.parseLong(args[4]));
            study.run(args[1] + ", " + tokens + " tokens, file of " + files.get(0).length + " bytes");
        }
    }

    private void run(String what) throws Exception {
        ExecutorService scorer = Executors.newSingleThreadExecutor();
        try (ModelSlot slot = new ModelSlot()) {
            slot.swap(load(1));
            Future<List<Scored>> batches = scorer.submit(() -> score(slot));
            List<Swap> made;
            try {
                scoring.await();
                made = swap(slot);
            } finally {
                done = true;
            }
            System.out.println(new SwapReport(made, batches.get(), TimeUnit.MILLISECONDS.toNanos(WINDOW_MS))
                    .print(what, BATCH, lost));
        } finally {
            scorer.shutdown();
        }
    }

    private ServedModel load(long version) {
        return ServedModel.load("study", version, files.get((int) (version % FILES)), rows.layout());
    }

    private List<Swap> swap(ModelSlot slot) {
        List<Swap> made = new ArrayList<>();
        long next = System.nanoTime() + pauseNanos;
        for (long version = 2; version <= swaps + 1; version++) {
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            long begun = System.nanoTime();
            ServedModel model = load(version);
            long warm = System.nanoTime();
            slot.swap(model);
            long swapped = System.nanoTime();
            made.add(new Swap(begun, warm, swapped, version));
            next = Math.max(next, swapped) + pauseNanos;
        }
        LockSupport.parkNanos(pauseNanos);
        return made;
    }

    private List<Scored> score(ModelSlot slot) {
        List<Scored> scored = new ArrayList<>();
        try (Scorer scorer = new Scorer(rows.featurizer(BATCH), slot)) {
            int at = 0;
            while (!done) {
                long begun = System.nanoTime();
                scorer.clear();
                for (int row = 0; row < BATCH; row++) {
                    scorer.add(events.get(at));
                    at = (at + 1) % events.size();
                }
                long version = scorer.score();
                lost += BATCH - scorer.rows();
                long ended = System.nanoTime();
                for (int row = 0; row < BATCH; row++) {
                    float probability = scorer.probability(row);
                    lost += probability > 0 && probability < 1 ? 0 : 1;
                }
                scored.add(new Scored(begun, ended, version));
                scoring.countDown();
            }
        }
        return scored;
    }
}
