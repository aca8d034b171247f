package io.headwater.actors.app.demo;

/**
 * The models of the demo compared over exactly the same events.
 *
 * @param events how many they are
 * @param adaptive what was served
 * @param frozen the source model, never changed
 * @param frozenRunningIntercept the source model with an intercept that follows the labels
 * @param constantRate the source data's rate for every event
 */
public record Standing(
        long events, Quality adaptive, Quality frozen, Quality frozenRunningIntercept, Quality constantRate) {}
