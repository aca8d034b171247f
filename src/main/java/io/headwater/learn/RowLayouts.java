package io.headwater.learn;

import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.feature.RowTensor.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Row layouts as a part of state: what a model's rows are is kept beside what it learned of them. */
public final class RowLayouts {
    private static final int MAX_FIELDS = 100_000;
    private static final int MAX_TENSORS = 1_000;

    private RowLayouts() {}

    public static void write(RowLayout layout, StateWriter out) {
        out.text(layout.origin()).integer(layout.tensors().size());
        for (RowTensor tensor : layout.tensors()) {
            out.text(tensor.name()).text(tensor.element().name()).integer64(tensor.below());
            out.integer(tensor.shape().size());
            tensor.shape().forEach(out::integer);
            out.integer(tensor.columns().size());
            tensor.columns().forEach(out::text);
        }
    }

    /** @throws IllegalArgumentException if the next values are no layout */
    public static RowLayout read(StateReader in) {
        String origin = in.text();
        int count = in.integer(1, MAX_TENSORS);
        List<RowTensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(tensor(in));
        }
        return new RowLayout(tensors, origin);
    }

    private static RowTensor tensor(StateReader in) {
        String name = in.text();
        Element element = Element.valueOf(in.text());
        long below = in.integer64();
        List<Integer> shape = list(in, in::integer);
        return new RowTensor(name, element, shape, list(in, in::text), below);
    }

    private static <T> List<T> list(StateReader in, Supplier<T> next) {
        int count = in.integer(0, MAX_FIELDS);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(next.get());
        }
        return list;
    }
}
