package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.graph.GraphException;
import io.headwater.graph.Initializer;
import io.headwater.graph.Node;
import io.headwater.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * A graph that runs on PyTorch with some of its float initializers as parameters. One thread owns it; each run happens
 * in a {@link GradientScope}.
 */
public final class TorchGraph implements AutoCloseable {
    private final OnnxGraph graph;
    private final TorchDevice device;
    private final NDManager manager;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Map<String, Value> constants = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    private record Step(Node node, Op op) {}

    /**
     * @param trainable names of the initializers that are parameters; the other ones stay as they are
     * @throws GraphException if the graph has an operator that cannot be trained through; all are listed
     */
    public TorchGraph(OnnxGraph graph, TorchDevice device, Collection<String> trainable) {
        SortedSet<String> unsupported = OpTable.unsupported(graph);
        if (!unsupported.isEmpty()) {
            throw new GraphException("operators that cannot be trained: " + String.join(", ", unsupported)
                    + "; put the cut behind them");
        }
        this.graph = graph;
        this.device = device;
        this.manager = device.newManager();
        try {
            trainable.forEach(name -> parameters.put(name, parameter(graph.initializer(name))));
            for (Initializer constant : graph.initializers().values()) {
                if (!parameters.containsKey(constant.name())) {
                    constants.put(constant.name(), ConstantOps.read(constant, manager));
                }
            }
            fold();
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    private NDArray parameter(Initializer initializer) {
        NDArray array = manager.create(initializer.floats(), new Shape(initializer.shape()));
        JniUtils.attachGradient((PtNDArray) array, true);
        return array;
    }

    /**
     * Runs what depends on neither rows nor parameters once and for all: {@code Constant} nodes, and exporters' ways of
     * sharing or computing bounds, axes and positions.
     */
    private void fold() {
        JniUtils.setGradMode(false);
        try (NDManager scope = manager.newSubManager()) {
            lend(scope);
            for (Node node : graph.nodes()) {
                boolean constant =
                        node.inputs().stream().allMatch(input -> input.isEmpty() || constants.containsKey(input));
                if (!constant) {
                    steps.add(new Step(node, OpTable.of(node)));
                    continue;
                }
                List<Value> made = OpTable.of(node).apply(new OpCall(node, graph.opset(), constants, scope));
                for (int i = 0; i < node.outputs().size(); i++) {
                    constants.put(node.outputs().get(i), folded(made.get(i)));
                }
            }
            for (Value constant : constants.values()) {
                if (constant instanceof Value.Tensor tensor) {
                    tensor.array().attach(manager);
                }
            }
        }
    }

    private static Value folded(Value made) {
        if (made instanceof Value.Tensor tensor
                && tensor.array().size() == 1
                && tensor.array().getDataType() == DataType.FLOAT32) {
            return new Value.Tensor(tensor.array(), tensor.array().toFloatArray()[0]);
        }
        return made;
    }

    /**
     * Has results that are made from parameters and constants belong to {@code scope}: a result belongs to the manager
     * of the array that its method was called on.
     */
    void lend(NDManager scope) {
        parameters.values().forEach(parameter -> parameter.tempAttach(scope));
        for (Value constant : constants.values()) {
            if (constant instanceof Value.Tensor tensor) {
                tensor.array().tempAttach(scope);
            }
        }
    }

    public TorchDevice device() {
        return device;
    }

    /** Base of the memory of all that belongs to this graph. */
    NDManager manager() {
        return manager;
    }

    /** How many native tensors are held outside of any scope; constant while nothing leaks. */
    public int nativeArrays() {
        return manager.getManagedArrays().size();
    }

    /** The trainable tensors by name, in the order given, frozen ones among them. */
    public Map<String, NDArray> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /**
     * Says which parameters train from the next run on; the others are frozen: no gradient is computed for them, nor
     * for what only they need, and {@link AdamW} leaves them and their moments as they are. At first all train. Not to
     * be called within a {@link GradientScope}.
     *
     * @throws GraphException if one is no parameter; nothing is changed then
     */
    public void train(Collection<String> names) {
        names.forEach(this::parameterNamed);
        Set<String> training = Set.copyOf(names);
        // A frozen one keeps no gradient to be added to when it trains again.
        clearGradients();
        parameters.forEach((name, array) -> {
            JniUtils.attachGradient((PtNDArray) array, training.contains(name));
        });
    }

    /** Sets all gradients to 0, whatever they are: NaN too. They add up otherwise. To be called within a scope. */
    public void clearGradients() {
        parameters.forEach((name, array) -> {
            PtNDArray parameter = (PtNDArray) array;
            PtNDArray gradient = JniUtils.getGradient(parameter);
            if (gradient != null) {
                JniUtils.zeroGrad(parameter);
                gradient.close();
            }
        });
    }

    /** Whether a parameter trains: see {@link #train}. */
    public boolean trains(String name) {
        return JniUtils.requiresGrad((PtNDArray) parameterNamed(name));
    }

    /** Runs the graph; {@link Tensors} holds every tensor that it made. */
    public Tensors run(GradientScope scope, Map<String, NDArray> inputs) {
        Map<String, Value> values = new HashMap<>(constants);
        parameters.forEach((name, array) -> values.put(name, new Value.Tensor(array)));
        inputs.forEach((name, array) -> values.put(name, new Value.Tensor(array)));
        for (Step step : steps) {
            Node node = step.node();
            List<Value> made = step.op().apply(new OpCall(node, graph.opset(), values, scope.manager()));
            for (int i = 0; i < node.outputs().size(); i++) {
                values.put(node.outputs().get(i), made.get(i));
            }
        }
        return new Tensors(values);
    }

    /** A parameter's values, row-major, in a new array. */
    public float[] weights(String name) {
        return parameterNamed(name).toFloatArray();
    }

    /**
     * Overwrites a parameter.
     *
     * @throws IllegalArgumentException if the number of values differs
     */
    public void setWeights(String name, float[] values) {
        NDArray array = parameterNamed(name);
        if (values.length != array.size()) {
            throw new IllegalArgumentException(
                    "'" + name + "' has " + array.size() + " weights; " + values.length + " were given");
        }
        overwrite(array, values);
    }

    private NDArray parameterNamed(String name) {
        NDArray array = parameters.get(name);
        if (array == null) {
            throw new GraphException("'" + name + "' is no parameter; the parameters are " + parameters.keySet());
        }
        return array;
    }

    /** In place: the tensor keeps its identity, and with it its gradient. */
    static void overwrite(NDArray target, float[] values) {
        JniUtils.setGradMode(false);
        try (NDManager scope = target.getManager().newSubManager()) {
            target.set(new NDIndex(":"), scope.create(values, target.getShape()));
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    /** The tensors of one run; they live as long as its scope. */
    public static final class Tensors {
        private final Map<String, Value> values;

        private Tensors(Map<String, Value> values) {
            this.values = values;
        }

        /** @throws GraphException if the run made no tensor of that name */
        public NDArray get(String name) {
            if (values.get(name) instanceof Value.Tensor tensor) {
                return tensor.array();
            }
            throw new GraphException("the graph makes no tensor '" + name + "'");
        }
    }
}
