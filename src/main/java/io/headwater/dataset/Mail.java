package io.headwater.dataset;

import java.time.Instant;

/**
 * One mail of a recorded collection.
 *
 * @param id its name in the collection
 * @param date when it was sent
 * @param spam its label
 * @param text what a reader sees of its body; nothing of its headers
 */
public record Mail(String id, Instant date, boolean spam, String text) {}
