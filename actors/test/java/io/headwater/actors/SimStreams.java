package io.headwater.actors;

import io.headwater.kafka.SimBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What other programs write: events, later their labels, some of them malformed, some of them in transactions that stay
 * open for a while and may be given up.
 */
final class SimStreams {
    private static final int MOST_WAITING = 40;
    private static final int WRITERS = 2;

    /** Whose events can be erased: these come again and again. */
    static final int OWNERS = 6;
    /** Labels that a monitor of the loss needs before it says anything, and some more. */
    private static final int PRELUDE = 640;

    private record Unlabelled(String id, String owner, double x, double y) {}

    private final SimBroker broker;
    private final Random random;
    private final SimLife life;
    private final Deque<Unlabelled> waiting = new ArrayDeque<>();
    private int ids;
    private double slope = 1;

    SimStreams(SimBroker broker, Random random, SimLife life) {
        this.broker = broker;
        this.random = random;
        this.life = life;
        if (life.busy()) {
            labels(PRELUDE);
        }
    }

    /** One of those whose events come again and again. */
    static String owner(int number) {
        return "owner-" + number;
    }

    private Unlabelled event(String kind) {
        String id = kind + ids++;
        String owner = random.nextInt(4) == 0 ? "" : owner(random.nextInt(OWNERS));
        return new Unlabelled(id, owner, random.nextGaussian(), random.nextGaussian());
    }

    void events() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            Unlabelled event = event("e");
            if (waiting.size() < MOST_WAITING) {
                waiting.add(event);
            }
            write(SimModel.EVENTS, isBad() ? bad() : json(event, ""));
        }
    }

    void labels() {
        if (life.busy() && random.nextInt(10) == 0) {
            drift();
        }
        labels(random.nextInt(life.busy() ? 80 : 6) + 1);
    }

    private void labels(int count) {
        for (int i = 0; i < count; i++) {
            Unlabelled event = waiting.isEmpty() || random.nextInt(5) == 0 ? event("l") : waiting.remove();
            boolean label = slope * event.x() + 0.5 * random.nextGaussian() > 0;
            write(SimModel.LABELS, isBad() ? bad() : json(event, ",\"label\":" + (label ? 1 : 0)));
        }
    }

    /** The world changes: what was learned is wrong from here on. */
    void drift() {
        slope = -slope;
    }

    void endTransaction() {
        broker.endOpen("writer-" + random.nextInt(WRITERS), random.nextInt(3) > 0);
    }

    void endAll() {
        for (int i = 0; i < WRITERS; i++) {
            broker.endOpen("writer-" + i, true);
        }
    }

    private void write(String topic, byte @Nullable [] value) {
        int partition = random.nextInt(SimModel.PARTITIONS);
        if (random.nextInt(6) == 0) {
            broker.appendOpen("writer-" + random.nextInt(WRITERS), topic, partition, value);
        } else {
            broker.append(topic, partition, value);
        }
    }

    private boolean isBad() {
        return random.nextInt(12) == 0;
    }

    private byte @Nullable [] bad() {
        return random.nextBoolean() ? null : bytes("{\"id\":\"bad" + ids++ + "\",");
    }

    private static byte[] json(Unlabelled event, String more) {
        return bytes("{\"id\":\"" + event.id() + "\",\"owner\":\"" + event.owner() + "\",\"time\":1,\"x\":" + event.x()
                + ",\"y\":" + event.y() + more + "}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
