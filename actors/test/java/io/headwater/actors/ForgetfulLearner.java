package io.headwater.actors;

import io.headwater.event.OwnerKeys;
import io.headwater.learn.Learner;
import io.headwater.learn.LearnerAround;
import java.util.function.UnaryOperator;

/** A learner whose checkpoint lacks something, or who does not hear what it is told. */
final class ForgetfulLearner extends LearnerAround {
    private final UnaryOperator<byte[]> without;
    private final boolean erases;
    private final boolean hears;

    /**
     * @param without what is left of the checkpoint
     * @param erases whether it erases
     * @param hears whether it hears alarms
     */
    ForgetfulLearner(Learner real, UnaryOperator<byte[]> without, boolean erases, boolean hears) {
        super(real);
        this.without = without;
        this.erases = erases;
        this.hears = hears;
    }

    @Override
    public byte[] checkpoint() {
        return without.apply(super.checkpoint());
    }

    @Override
    public void alarm() {
        if (hears) {
            super.alarm();
        }
    }

    @Override
    public int erase(OwnerKeys owners) {
        return erases ? super.erase(owners) : 0;
    }
}
