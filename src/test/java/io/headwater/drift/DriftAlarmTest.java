package io.headwater.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DriftAlarmTest {
    @Test
    void describe_ofTheLoss_saysTheMeansAndWhatSawIt() {
        assertThat(new DriftAlarm(Detector.PAGE_HINKLEY, "loss", 4_711, 12.34567, 9.87654, .2, .5).describe())
                .isEqualTo("the mean loss has risen from 0.2000 to 0.5000 (Page-Hinkley 12.35, alarm above 9.877,"
                        + " after 4,711 labelled examples)");
    }

    @Test
    void describe_ofAFeature_saysWhichValuesAreMoreOrFewerThanBefore() {
        assertThat(new DriftAlarm(Detector.KOLMOGOROV_SMIRNOV, "a%s", 2_560, .1357, .1324, .2305, .3662).describe())
                .isEqualTo("the values of 'a%s' have moved: 23.1 % were missing or at most some value, of the latest"
                        + " 36.6 % are (Kolmogorov-Smirnov 0.1357, alarm above 0.1324, after 2,560 examined events)");
        assertThat(new DriftAlarm(Detector.POPULATION_STABILITY, "shop", 2_560, .5, .25, 0, .4).describe())
                .isEqualTo("the values of 'shop' have moved: 0.0 % were in the bin that changed most, of the latest"
                        + " 40.0 % are (population stability index 0.5000, alarm above 0.2500, after 2,560 examined"
                        + " events)");
    }
}
