package io.headwater.bench;

import io.headwater.bench.TfIdf.Row;
import java.util.List;

/**
 * Logistic regression with an L2 penalty on sparse rows, solved to the end by Newton's method with conjugate gradients
 * (Lin, Weng & Keerthi, Trust Region Newton Method for Logistic Regression, JMLR 9, 2008; here with a line search).
 */
final class LogisticRegression {
    private static final int MAX_NEWTON_STEPS = 50;
    private static final int MAX_INNER_STEPS = 100;
    private static final double TOLERANCE = 1e-4;

    private final List<Row> rows;
    private final int[] labels;
    private final double cost;
    private final double[] weights;

    /**
     * @param cost what the log loss of a row counts against half the squared length of the weights; the intercept has no
     *     penalty to speak of
     */
    LogisticRegression(List<Row> rows, int[] labels, int columns, double cost) {
        this.rows = rows;
        this.labels = labels;
        this.cost = cost;
        this.weights = new double[columns + 1];
        solve();
    }

    double logit(Row row) {
        return dot(weights, row);
    }

    private static double dot(double[] weights, Row row) {
        double sum = weights[weights.length - 1];
        for (int i = 0; i < row.columns().length; i++) {
            sum += weights[row.columns()[i]] * row.values()[i];
        }
        return sum;
    }

    private static void add(double[] to, Row row, double factor) {
        for (int i = 0; i < row.columns().length; i++) {
            to[row.columns()[i]] += factor * row.values()[i];
        }
        to[to.length - 1] += factor;
    }

    private double penalty(int column) {
        return column == weights.length - 1 ? 1e-6 : 1;
    }

    private double objective(double[] at) {
        double sum = 0;
        for (int i = 0; i < at.length; i++) {
            sum += penalty(i) * at[i] * at[i] / 2;
        }
        for (int row = 0; row < rows.size(); row++) {
            double margin = (labels[row] == 1 ? -1 : 1) * dot(at, rows.get(row));
            sum += cost * (margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)));
        }
        return sum;
    }

    private void solve() {
        double first = 0;
        for (int step = 0; step < MAX_NEWTON_STEPS; step++) {
            double[] gradient = new double[weights.length];
            double[] curvature = new double[rows.size()];
            for (int i = 0; i < weights.length; i++) {
                gradient[i] = penalty(i) * weights[i];
            }
            for (int row = 0; row < rows.size(); row++) {
                double probability = 1 / (1 + Math.exp(-dot(weights, rows.get(row))));
                curvature[row] = cost * probability * (1 - probability);
                add(gradient, rows.get(row), cost * (probability - labels[row]));
            }
            double length = Math.sqrt(product(gradient, gradient));
            first = step == 0 ? length : first;
            if (length <= TOLERANCE * first || !descend(gradient, direction(gradient, curvature, length))) {
                return;
            }
        }
    }

    /** Solves Hessian · direction = -gradient, as far as is of use. */
    private double[] direction(double[] gradient, double[] curvature, double length) {
        double[] direction = new double[weights.length];
        double[] residual = new double[weights.length];
        for (int i = 0; i < residual.length; i++) {
            residual[i] = -gradient[i];
        }
        double[] search = residual.clone();
        double squares = length * length;
        for (int step = 0; step < MAX_INNER_STEPS && Math.sqrt(squares) > 0.05 * length; step++) {
            double[] bent = new double[weights.length];
            for (int i = 0; i < bent.length; i++) {
                bent[i] = penalty(i) * search[i];
            }
            for (int row = 0; row < rows.size(); row++) {
                add(bent, rows.get(row), curvature[row] * dot(search, rows.get(row)));
            }
            double size = squares / product(search, bent);
            double before = squares;
            for (int i = 0; i < direction.length; i++) {
                direction[i] += size * search[i];
                residual[i] -= size * bent[i];
            }
            squares = product(residual, residual);
            for (int i = 0; i < search.length; i++) {
                search[i] = residual[i] + squares / before * search[i];
            }
        }
        return direction;
    }

    /** Moves along {@code direction}, half as far until that helps; false where nothing does. */
    private boolean descend(double[] gradient, double[] direction) {
        double now = objective(weights);
        double slope = product(gradient, direction);
        double[] next = new double[weights.length];
        for (double size = 1; size > 1e-6; size /= 2) {
            for (int i = 0; i < next.length; i++) {
                next[i] = weights[i] + size * direction[i];
            }
            if (objective(next) <= now + 1e-4 * size * slope) {
                System.arraycopy(next, 0, weights, 0, next.length);
                return true;
            }
        }
        return false;
    }

    private static double product(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
