package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;

/**
 * A loss of the rows of two domains with its gradient in closed form: recording every step of it and going back through
 * all of them costs a training several times as much.
 *
 * @param loss a scalar, of rows that were {@linkplain NDArray#stopGradient stopped}
 * @param source gradient for the source rows, {@code [rows, features]}
 * @param target gradient for the target rows, {@code [rows, features]}
 */
record KnownGradient(NDArray loss, NDArray source, NDArray target) {
    /**
     * The loss, differentiable once in the rows that it is of; rows behind those that have a gradient have none.
     *
     * @param ofSource {@code [rows, features]}, at least as many as have a gradient
     * @param ofTarget likewise
     */
    NDArray at(NDArray ofSource, NDArray ofTarget) {
        NDArray slope = along(ofSource, source).add(along(ofTarget, target));
        return slope.sub(slope.stopGradient()).add(loss);
    }

    private static NDArray along(NDArray rows, NDArray gradient) {
        long count = gradient.getShape().get(0);
        NDArray meant = rows.getShape().get(0) == count ? rows : rows.get("0:" + count);
        return meant.mul(gradient).sum();
    }
}
