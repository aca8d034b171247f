package io.headwater.event;

/**
 * What a served model said about an event.
 *
 * @param id the event's id
 * @param eventTimeMs the event's time, milliseconds since the epoch, UTC
 * @param model the served model's name
 * @param version the version that made the score
 * @param score probability of class 1, in [0, 1]
 */
public record Score(String id, long eventTimeMs, String model, long version, float score) {}
