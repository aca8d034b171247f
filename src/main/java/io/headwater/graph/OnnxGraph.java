package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * A self-contained ONNX model as an immutable value. Reading checks that it is whole: nodes in order, every tensor made
 * before it is read and made once, operators of the standard domain only, weights inside the file.
 */
public final class OnnxGraph {
    public static final int MIN_OPSET = 11;
    public static final int MAX_OPSET = 21;
    /** The largest file that is read where no other limit is given; protobuf itself ends at 2 GiB. */
    public static final long MAX_BYTES = 1L << 30;

    private final ModelProto model;
    private final int opset;
    private final List<Node> nodes;
    private final Map<String, Initializer> initializers;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;

    private OnnxGraph(ModelProto model) {
        this.model = model;
        this.opset = GraphCheck.opset(model);
        GraphProto graph = model.getGraph();
        this.nodes = graph.getNodeList().stream().map(Node::new).toList();
        Map<String, Initializer> constants = new LinkedHashMap<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            constants.put(tensor.getName(), new Initializer(tensor));
        }
        this.initializers = Collections.unmodifiableMap(constants);
        // Before IR version 4 every initializer was listed as an input too.
        this.inputs = graph.getInputList().stream()
                .filter(input -> !constants.containsKey(input.getName()))
                .map(TensorSpec::read)
                .toList();
        this.outputs = graph.getOutputList().stream().map(TensorSpec::read).toList();
    }

    /**
     * Reads and checks a model of at most {@link #MAX_BYTES}.
     *
     * @throws GraphException if the bytes are no ONNX model that this program can work on
     */
    public static OnnxGraph read(byte[] bytes) {
        return read(bytes, MAX_BYTES);
    }

    public static OnnxGraph read(byte[] bytes, long maxBytes) {
        limit(bytes.length, maxBytes);
        return of(parse(bytes.clone()));
    }

    /** As {@link #read(byte[], long)}, without reading a file that is too large. */
    public static OnnxGraph read(Path file, long maxBytes) throws IOException {
        return usable(look(file, maxBytes));
    }

    /**
     * As {@link #read(Path, long)}, for a report: also a model that is whole but that this program cannot work on;
     * {@link #obstacles} says why.
     */
    public static OnnxGraph look(Path file, long maxBytes) throws IOException {
        limit(Files.size(file), maxBytes);
        return whole(parse(Files.readAllBytes(file)));
    }

    /** @param bytes that nobody changes from here on: the weights stay in them */
    private static ModelProto parse(byte[] bytes) {
        if (bytes.length == 0) {
            throw new GraphException("no ONNX file: it is empty");
        }
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            in.enableAliasing(true);
            return ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new GraphException("no ONNX file, or one cut short: its " + bytes.length + " bytes do not parse", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void limit(long bytes, long maxBytes) {
        if (bytes > maxBytes) {
            throw new GraphException("the ONNX file has " + bytes + " bytes; at most " + maxBytes + " are allowed");
        }
    }

    static OnnxGraph of(ModelProto model) {
        return usable(whole(model));
    }

    private static OnnxGraph usable(OnnxGraph graph) {
        List<String> obstacles = graph.obstacles();
        if (!obstacles.isEmpty()) {
            throw new GraphException("the model cannot be worked on: it has " + String.join(", ", obstacles));
        }
        return graph;
    }

    private static OnnxGraph whole(ModelProto model) {
        GraphCheck.wellFormed(model);
        OnnxGraph graph = new OnnxGraph(model);
        GraphCheck.connected(graph);
        return graph;
    }

    ModelProto model() {
        return model;
    }

    /** The file; the same graph gives the same bytes. */
    public byte[] toBytes() {
        return model.toByteArray();
    }

    public int opset() {
        return opset;
    }

    public String producerName() {
        return model.getProducerName();
    }

    public String producerVersion() {
        return model.getProducerVersion();
    }

    /** Free texts that the file carries, by key: a licence, an author... */
    public Map<String, String> metadata() {
        Map<String, String> texts = new LinkedHashMap<>();
        model.getMetadataPropsList().forEach(entry -> texts.put(entry.getKey(), entry.getValue()));
        return texts;
    }

    /**
     * What keeps this program from working on the model, each with names: operators outside the standard, control flow,
     * quantized operators, half precision, weights elsewhere. Empty for every graph that was read, not looked at.
     */
    public List<String> obstacles() {
        return Refusals.of(model).phrases();
    }

    /** Names of the operators among the {@linkplain #obstacles obstacles}, in order. */
    public SortedSet<String> unusableOperators() {
        return Refusals.of(model).operators();
    }

    /** The graph's inputs, initializers left out. */
    public List<TensorSpec> inputs() {
        return inputs;
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    /** In an order in which each can run. */
    public List<Node> nodes() {
        return nodes;
    }

    public Map<String, Initializer> initializers() {
        return initializers;
    }

    /** @throws GraphException if there is none of that name */
    public Initializer initializer(String name) {
        Initializer found = initializers.get(name);
        if (found == null) {
            throw new GraphException("the graph has no initializer '" + name + "'; it has "
                    + Names.nearest(name, initializers.keySet()));
        }
        return found;
    }

    /**
     * This graph with other values in the named float initializers; shapes stay.
     *
     * @throws GraphException if there is none of a name, it is not float, or the number of values differs
     */
    public OnnxGraph withInitializers(Map<String, float[]> values) {
        GraphProto.Builder graph = model.getGraph().toBuilder();
        Set<String> left = new LinkedHashSet<>(values.keySet());
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            String name = graph.getInitializer(i).getName();
            float[] replacement = values.get(name);
            if (replacement == null) {
                continue;
            }
            Initializer old = initializer(name);
            if (old.type() != ElementType.FLOAT || old.size() != replacement.length) {
                throw new GraphException(
                        "'" + name + "' is " + old.spec() + "; " + replacement.length + " float values do not fit");
            }
            graph.setInitializer(i, old.with(replacement).proto());
            left.remove(name);
        }
        left.forEach(this::initializer);
        return new OnnxGraph(model.toBuilder().setGraph(graph).build());
    }

    /**
     * This graph with {@code scale * logit + shift} in the place of its output {@code logit}: same nodes and names, other
     * values in the last linear layer and its intercept.
     *
     * @throws GraphException if no linear layer makes it, or what that holds is read elsewhere too
     */
    public OnnxGraph withLogitMapped(String logit, double scale, double shift) {
        return new LogitFold(this, scale, shift).of(logit);
    }

    /**
     * This graph with the named initializers made inputs, behind the inputs that it has, in the order given: weights
     * that are handed in at each run instead of being part of the file.
     *
     * @throws GraphException if there is no initializer of a name
     */
    public OnnxGraph withInputsFor(Collection<String> names) {
        Set<String> promoted = new LinkedHashSet<>(names);
        GraphProto.Builder graph = model.getGraph().toBuilder().clearInitializer();
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (!promoted.contains(tensor.getName())) {
                graph.addInitializer(tensor);
            }
        }
        Set<String> listed = new LinkedHashSet<>();
        graph.getInputList().forEach(input -> listed.add(input.getName()));
        for (String name : promoted) {
            TensorSpec spec = initializer(name).spec();
            if (!listed.contains(name)) {
                graph.addInput(spec.write());
            }
        }
        return new OnnxGraph(model.toBuilder().setGraph(graph).build());
    }

    static OperatorSetIdProto opsetId(int version) {
        return OperatorSetIdProto.newBuilder().setDomain("").setVersion(version).build();
    }
}
