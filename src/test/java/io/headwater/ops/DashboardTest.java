package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.ops.Dashboard.Panel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What can be said of the dashboard without a server: it fits its grid, and every panel says what it shows. */
final class DashboardTest {
    private static final int COLUMNS = 24;
    static final Path FILE = Path.of("ops/grafana/dashboards/headwater.json");

    @Test
    void rows_standInTheOrderOfTheQuestions() throws IOException {
        assertThat(Dashboard.read(FILE).panels())
                .filteredOn(panel -> panel.type().equals("row"))
                .extracting(Panel::title)
                .containsExactly("Scores", "Model quality", "Learning", "Freshness", "Machine");
    }

    @Test
    void panels_fitTheGrid_withoutOverlap() throws IOException {
        Set<List<Integer>> taken = new HashSet<>();
        for (Panel panel : Dashboard.read(FILE).panels()) {
            assertThat(panel.x() + panel.width())
                    .as("right edge of %s", panel.title())
                    .isLessThanOrEqualTo(COLUMNS);
            for (int x = panel.x(); x < panel.x() + panel.width(); x++) {
                for (int y = panel.y(); y < panel.y() + panel.height(); y++) {
                    assertThat(taken.add(List.of(x, y)))
                            .as("%s alone at column %d, line %d", panel.title(), x, y)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void everyPanel_hasATitleAUnitAndAnExpression() throws IOException {
        assertThat(Dashboard.read(FILE).panels())
                .filteredOn(panel -> !panel.type().equals("row"))
                .isNotEmpty()
                .allSatisfy(panel -> {
                    assertThat(panel.title()).isNotBlank();
                    assertThat(panel.unit()).as("unit of %s", panel.title()).isNotBlank();
                    assertThat(panel.expressions())
                            .as("of %s", panel.title())
                            .isNotEmpty()
                            .allMatch(e -> !e.isBlank());
                });
    }
}
