package io.headwater.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of a model that adapts to a target domain; there are none of a model that does not. */
public final class AdaptationMeters {
    private final MeterRegistry registry;
    private final String model;
    private volatile boolean adapted;
    private volatile double leadNats;
    private volatile double leadAuc;
    private volatile double loss;
    private boolean guarded;

    AdaptationMeters(MeterRegistry registry, String model) {
        this.registry = registry;
        this.model = model;
        Gauge.builder(HeadwaterMetrics.ADAPTATION_LOSS, () -> loss)
                .description("The adaptation term of the last step, before its strength")
                .tag("model", model)
                .register(registry);
    }

    /** The term's value before its strength, in the unit of its method. */
    public void loss(double value) {
        loss = value;
    }

    /**
     * Which line is in use where an unadapted one learns beside the adapted one.
     *
     * @param lead by how much less the adapted one lost per target label since the last switch, nats
     * @param rankLead by how much more ROC AUC it had since then
     */
    public synchronized void guard(boolean usesAdapted, double lead, double rankLead) {
        adapted = usesAdapted;
        leadNats = lead;
        leadAuc = rankLead;
        if (!guarded) {
            guarded = true;
            serving("adapted", true);
            serving("unadapted", false);
            Gauge.builder(HeadwaterMetrics.ADAPTATION_LEAD, () -> leadNats)
                    .description("How much less the adapted line lost per target label since the last switch")
                    .baseUnit("nats")
                    .tag("model", model)
                    .register(registry);
            Gauge.builder(HeadwaterMetrics.ADAPTATION_RANK_LEAD, () -> leadAuc)
                    .description("How much more ROC AUC the adapted line had on target labels since the last switch")
                    .baseUnit("ratio")
                    .tag("model", model)
                    .register(registry);
        }
    }

    private void serving(String line, boolean ofAdapted) {
        Gauge.builder(HeadwaterMetrics.ADAPTATION_SERVING, () -> adapted == ofAdapted ? 1 : 0)
                .description("1 for the line that candidates are made of, 0 for the other")
                .tags("model", model, "line", line)
                .register(registry);
    }
}
