package io.headwater.kafka;

import io.headwater.codec.Decoded;
import org.jspecify.annotations.Nullable;

/** Reads the value of a record: {@code codec::event} or {@code codec::labeled}. It refuses rather than throws. */
@FunctionalInterface
public interface RecordDecoder<T> {
    Decoded<T> decode(byte @Nullable [] value);
}
