/** Kafka: poll and scoring loops, dead letters, the lineage topic, and the broker that demo and tests run on. */
@NullMarked
package io.headwater.kafka;

import org.jspecify.annotations.NullMarked;
