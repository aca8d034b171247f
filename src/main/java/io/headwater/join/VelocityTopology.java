package io.headwater.join;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Payments and their labels become events with velocity features.
 *
 * <pre>
 *  payments, keyed by card ──► CardStage ──► by-terminal ──► TerminalStage ──► events, keyed by id
 *  labels, with any key             │                             │
 *                            velocity-cards               velocity-terminals
 * </pre>
 *
 * <p>Payments and labels may share one topic: then, in each partition, a payment's risk knows exactly the labels that
 * lie before it. In two topics the records' timestamps order them, as far as Kafka Streams does. Both stores have a
 * changelog; a key that no record has changed for as long as its windows reach back is let go of.
 */
public final class VelocityTopology {
    private static final String BY_TERMINAL = "by-terminal";

    private VelocityTopology() {}

    /**
     * What it reads and writes.
     *
     * @param sources payments and labels, as {@code {"id", "time", "card", "terminal", "amount"}} with {@code "label"}
     *     where it is one
     * @param past the same of the time before: they count in features, and no event comes of them; may be empty
     * @param events the payments with their features
     */
    public record Topics(Set<String> sources, Set<String> past, String events) {
        public Topics {
            sources = Set.copyOf(sources);
            past = Set.copyOf(past);
        }
    }

    public static Topology of(VelocityFeatures features, Topics topics) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(store(CardStage.STORE));
        builder.addStateStore(store(TerminalStage.STORE));
        Serde<Payment> payments = Serdes.serdeFrom(new PaymentSerde().serializer(), new PaymentReader(topics.past()));
        Set<String> read = new HashSet<>(topics.sources());
        read.addAll(topics.past());
        builder.stream(read, Consumed.with(Serdes.ByteArray(), payments))
                .process(() -> new CardStage(features), CardStage.STORE)
                .repartition(Repartitioned.<String, Payment>as(BY_TERMINAL)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(new PaymentSerde()))
                .process(() -> new TerminalStage(features), TerminalStage.STORE)
                .to(topics.events(), Produced.with(Serdes.String(), Serdes.ByteArray()));
        return builder.build();
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray());
    }
}
