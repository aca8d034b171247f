package io.headwater.learn;

/**
 * How an adapted line stands against the unadapted one beside it.
 *
 * @param adapted whether the adapted one is in use
 * @param leadNats by how much less the adapted one lost per target label since the last switch, in nats, each label
 *     clipped to {@link PairedEvidence#CLIP_NATS}; 0 before the first
 * @param leadAuc by how much better it ranked since then: the mean over blocks of labels of their differences in ROC AUC,
 *     each clipped to {@link PairedEvidence#CLIP_AUC}; 0 before the end of the first
 * @param labels target labels since the last switch that both were examined for at the event's arrival
 * @param switches times that the other line was taken into use
 */
public record AdaptationStanding(boolean adapted, double leadNats, double leadAuc, long labels, long switches) {}
