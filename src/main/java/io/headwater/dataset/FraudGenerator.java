package io.headwater.dataset;

import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An endless stream of card payments, some of them fraud, in the order of their times. It is a cursor: {@link #next}
 * goes to the next payment and the other methods tell of it. Memory is that of one day. One thread owns it; the same
 * settings give the same stream.
 */
public final class FraudGenerator {
    /*
     * The rules are those that the Fraud Detection Handbook publishes in words (chapter 3, "Transaction data simulator").
     * One differs: there a third of a stolen card's payments is drawn once all of them are known and rounded down; here
     * each payment is drawn by itself when it comes, since a stream does not know those to come.
     */
    private static final double SIDE = 100;
    private static final int DAY_SECONDS = 86_400;
    private static final int NIGHT_SECONDS = 6 * 3600;
    private static final double TIME_SD_SECONDS = 20_000;
    /** Bits of a sort key that hold the place of a payment in its day; the others hold its second. */
    private static final int PLACE_BITS = 40;

    private final FraudSettings settings;
    private final SplittableRandom random;
    private final long startMs;

    private final double[] meanAmount;
    private final double[] perDay;
    private final int[][] near;
    /** The first day after the terminal, or the card, is in its owner's hands alone again. */
    private final int[] terminalUntil;

    private final int[] cardUntil;
    private final double[] cardShare;
    private final double[] cardFactor;
    private final boolean[] cardAtNight;

    private int day = -1;
    private int size;
    private long[] order = new long[64];
    private int[] cards = new int[64];
    private int[] terminals = new int[64];
    private float[] amounts = new float[64];
    private FraudScenario[] scenarios = new FraudScenario[64];

    private long number = -1;
    private int at;
    private int place;

    /** @throws IllegalArgumentException if no customer has a terminal within the radius */
    public FraudGenerator(FraudSettings settings) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.startMs = settings.start().atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        int customers = settings.customers();
        double[] x = places(customers);
        double[] y = places(customers);
        this.meanAmount = uniform(
                customers,
                settings.habits().leastMeanAmount(),
                settings.habits().mostMeanAmount());
        this.perDay = uniform(customers, 0, settings.habits().mostPerDay());
        this.near = near(x, y, places(settings.terminals()), places(settings.terminals()), settings.radius());
        this.terminalUntil = new int[settings.terminals()];
        this.cardUntil = new int[customers];
        this.cardShare = new double[customers];
        this.cardFactor = new double[customers];
        this.cardAtNight = new boolean[customers];
    }

    private double[] places(int n) {
        return uniform(n, 0, SIDE);
    }

    private double[] uniform(int n, double least, double most) {
        return random.doubles(n, least, most).toArray();
    }

    private static int[][] near(double[] x, double[] y, double[] terminalX, double[] terminalY, double radius) {
        int[][] near = new int[x.length][];
        int[] found = new int[terminalX.length];
        for (int customer = 0; customer < x.length; customer++) {
            int n = 0;
            for (int terminal = 0; terminal < terminalX.length; terminal++) {
                double dx = x[customer] - terminalX[terminal];
                double dy = y[customer] - terminalY[terminal];
                if (dx * dx + dy * dy < radius * radius) {
                    found[n++] = terminal;
                }
            }
            near[customer] = Arrays.copyOf(found, n);
        }
        if (Arrays.stream(near).allMatch(terminals -> terminals.length == 0)) {
            throw new IllegalArgumentException("no customer has a terminal within a radius of " + radius);
        }
        return near;
    }

    /** Goes to the next payment. */
    public void next() {
        number++;
        at++;
        while (at >= size) {
            day++;
            compromise();
            payments();
            at = 0;
        }
        place = (int) (order[at] & ((1L << PLACE_BITS) - 1));
    }

    private void compromise() {
        FraudPattern pattern = settings.pattern(day);
        for (int left = draws(pattern.terminalsPerDay()); left > 0; left--) {
            terminalUntil[random.nextInt(terminalUntil.length)] = day + pattern.terminalDays();
        }
        for (int left = draws(pattern.cardsPerDay()); left > 0; left--) {
            int card = random.nextInt(cardUntil.length);
            cardUntil[card] = day + pattern.cardDays();
            cardShare[card] = pattern.cardShare();
            cardFactor[card] = pattern.cardFactor();
            cardAtNight[card] = isOneOf(pattern.cardAtNight());
        }
    }

    /** Draws nothing where chance has no say: a stream does not depend on what its pattern could be. */
    private boolean isOneOf(double share) {
        return share == 1 || (share > 0 && random.nextDouble() < share);
    }

    /** A whole number with this mean. */
    private int draws(double mean) {
        int whole = (int) mean;
        return whole + (random.nextDouble() < mean - whole ? 1 : 0);
    }

    private void payments() {
        double limit = settings.pattern(day).amountAbove();
        size = 0;
        for (int card = 0; card < perDay.length; card++) {
            // Poisson, by the product of uniforms (Knuth, TAOCP 2, 3.4.1); the mean is at most 30.
            double floor = Math.exp(-perDay[card]);
            for (double product = random.nextDouble(); product > floor; product *= random.nextDouble()) {
                payment(card, limit);
            }
        }
        Arrays.sort(order, 0, size);
    }

    private void payment(int card, double limit) {
        int second = (int) Math.floor(DAY_SECONDS / 2. + TIME_SD_SECONDS * random.nextGaussian());
        double mean = meanAmount[card];
        double amount = mean + mean / 2 * random.nextGaussian();
        if (amount < 0) {
            amount = 2 * mean * random.nextDouble();
        }
        if (second <= 0 || second >= DAY_SECONDS || near[card].length == 0) {
            return;
        }
        int terminal = near[card][random.nextInt(near[card].length)];
        FraudScenario scenario = amount > limit ? FraudScenario.AMOUNT : FraudScenario.NONE;
        if (day < terminalUntil[terminal]) {
            scenario = FraudScenario.TERMINAL;
        }
        if (day < cardUntil[card] && random.nextDouble() < cardShare[card]) {
            scenario = FraudScenario.CARD;
            amount *= cardFactor[card];
            second = cardAtNight[card] ? random.nextInt(NIGHT_SECONDS) : second;
        }
        add(second, card, terminal, Math.rint(100 * amount) / 100, scenario);
    }

    private void add(int second, int card, int terminal, double amount, FraudScenario scenario) {
        if (size == order.length) {
            order = Arrays.copyOf(order, 2 * size);
            cards = Arrays.copyOf(cards, 2 * size);
            terminals = Arrays.copyOf(terminals, 2 * size);
            amounts = Arrays.copyOf(amounts, 2 * size);
            scenarios = Arrays.copyOf(scenarios, 2 * size);
        }
        order[size] = ((long) second << PLACE_BITS) | size;
        cards[size] = card;
        terminals[size] = terminal;
        amounts[size] = (float) amount;
        scenarios[size] = scenario;
        size++;
    }

    /** How many payments came before this one. */
    public long number() {
        return number;
    }

    /** The day of the stream, from 0. */
    public int day() {
        return day;
    }

    /** Milliseconds since the epoch, UTC; whole seconds. */
    public long timeMs() {
        return startMs + 1000 * (day * (long) DAY_SECONDS + (order[at] >> PLACE_BITS));
    }

    /** From 0, below the number of customers. */
    public int card() {
        return cards[place];
    }

    /** From 0, below the number of terminals. */
    public int terminal() {
        return terminals[place];
    }

    /** In whole hundredths. */
    public float amount() {
        return amounts[place];
    }

    public boolean isFraud() {
        return scenario() != FraudScenario.NONE;
    }

    public FraudScenario scenario() {
        return scenarios[place];
    }
}
