package io.headwater.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.graph.Cut;
import io.headwater.graph.Dim;
import io.headwater.graph.GraphException;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.Layer;
import io.headwater.graph.Layers;
import io.headwater.graph.Licence;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.torch.OpTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What can be told of a backbone without running it, as one JSON object. */
final class BackboneReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_STATED = "not stated";

    private BackboneReport() {}

    static ObjectNode of(Path file, OnnxGraph graph) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("backbone", String.valueOf(file.getFileName()));
        report.put("bytes", Files.size(file));
        report.put("producer", (graph.producerName() + " " + graph.producerVersion()).strip());
        report.put("opset", graph.opset());
        Optional<Licence> licence = Licence.of(graph, file);
        report.put("license", licence.map(Licence::name).orElse(NOT_STATED));
        report.put("license_source", licence.map(Licence::source).orElse(""));
        ObjectNode metadata = report.putObject("metadata");
        graph.metadata().forEach(metadata::put);
        tensors(report.putArray("inputs"), graph.inputs());
        tensors(report.putArray("outputs"), graph.outputs());
        boolean usable = graph.obstacles().isEmpty();
        List<Layer> layers = usable ? Layers.of(graph).all() : List.of();
        report.put("parameters", layers.stream().mapToLong(Layer::parameters).sum());
        ArrayNode list = report.putArray("layers");
        layers.forEach(layer -> layer(list.addObject(), layer));
        ArrayNode cuts = report.putArray("cuts");
        if (usable) {
            cuts(cuts, graph);
        }
        SortedSet<String> unsupported = OpTable.unsupported(graph);
        unsupported.addAll(graph.unusableOperators());
        texts(report.putArray("unsupported_ops"), unsupported);
        texts(report.putArray("obstacles"), graph.obstacles());
        return report;
    }

    private static void tensors(ArrayNode list, List<TensorSpec> specs) {
        specs.forEach(spec -> tensor(list, spec));
    }

    private static void tensor(ArrayNode list, TensorSpec spec) {
        ObjectNode tensor = list.addObject()
                .put("name", spec.name())
                .put("type", spec.type().toString());
        ArrayNode shape = tensor.putArray("shape");
        for (Dim dim : spec.shape()) {
            if (dim.isFixed()) {
                shape.add(dim.size());
            } else {
                shape.add(dim.toString());
            }
        }
    }

    private static void texts(ArrayNode list, Collection<String> texts) {
        texts.forEach(list::add);
    }

    private static void layer(ObjectNode out, Layer layer) {
        out.put("name", layer.name()).put("order", layer.order());
        out.put("parameters", layer.parameters()).put("bytes", layer.bytes());
        out.put("first_node", layer.firstNode()).put("last_node", layer.lastNode());
        out.put("is_head", layer.isHead());
        texts(out.putArray("cut"), layer.outputs());
    }

    /** From the head to the input, as deep as the backbone goes. */
    private static void cuts(ArrayNode list, OnnxGraph graph) {
        Layers layers = Layers.of(graph);
        List<Layer> body = layers.body();
        boolean hasHead = body.size() < layers.all().size();
        ObjectNode head = list.addObject().put("cut", "head").put("trained_parameters", 0);
        head.put("layer", hasHead ? layers.all().get(layers.all().size() - 1).name() : "");
        texts(head.putArray("tensors"), List.of(layers.hidden()));
        tensors(
                head.putArray("frontier"),
                GraphSplitter.typeOf(graph, layers.hidden()).stream().toList());
        head.putArray("unsupported_ops");
        for (int k = 1; k <= body.size(); k++) {
            String words = "last:" + k;
            Cut cut = layers.cut(words);
            ObjectNode entry = list.addObject().put("cut", words);
            entry.put(
                    "trained_parameters",
                    layers.all().stream()
                            .skip(body.size() - k)
                            .mapToLong(Layer::parameters)
                            .sum());
            entry.put("layer", body.get(body.size() - k).name());
            texts(entry.putArray("tensors"), cut.tensors());
            suffix(entry, graph, cut);
        }
    }

    private static void suffix(ObjectNode entry, OnnxGraph graph, Cut cut) {
        ArrayNode frontier = entry.putArray("frontier");
        ArrayNode unsupported = entry.putArray("unsupported_ops");
        try {
            SplitGraph split = GraphSplitter.split(graph, cut);
            tensors(frontier, split.frontier());
            texts(unsupported, OpTable.unsupported(split.suffix()));
        } catch (GraphException e) {
            entry.put("refused", String.valueOf(e.getMessage()));
        }
    }
}
