package io.headwater.event;

/** An event together with its label: what a learner learns from. */
public record LabeledExample(Event event, Label label) {}
