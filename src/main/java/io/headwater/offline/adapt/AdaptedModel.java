package io.headwater.offline.adapt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.dataset.FileReason;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.offline.FittedFolder;
import io.headwater.offline.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder with an adapted model: {@value #MODEL} reads rows as they are in the files, so that what was done to them
 * before the net is inside it, and {@value #MANIFEST} says what its columns and its classes are.
 */
final class AdaptedModel {
    static final String MODEL = "model.onnx";
    static final String MANIFEST = "manifest.json";
    /** Not a number, so that nothing takes it for a model that fit made. */
    private static final String FORMAT = "adapt-1";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;
    private final FittedFolder folder;

    AdaptedModel(Path folder) {
        this.path = folder;
        this.folder = new FittedFolder(folder, false);
    }

    /** @throws IllegalArgumentException if something is there already */
    void check() {
        if (Files.exists(path)) {
            throw new IllegalArgumentException(path + " is there already; name another folder");
        }
        folder.check();
    }

    /** @throws UncheckedIOException if it cannot be written; then all is as before */
    AdaptReport.Written write(AdaptSettings asked, Representation rows, AdaptNet net, double lambda) {
        byte[] model = graph(rows, net);
        String sha256 = Sha256.of(model);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(MODEL, model);
        files.put(MANIFEST, manifest(asked, rows.domains(), lambda, sha256));
        try {
            folder.parent();
            folder.write(files);
        } catch (IOException e) {
            throw new UncheckedIOException("the model cannot be written to " + path + ": " + FileReason.of(e), e);
        }
        return new AdaptReport.Written(path.resolve(MODEL), sha256);
    }

    /** Encoding, the autoencoder's layers one on the other, and the net on all of them. */
    static byte[] graph(Representation rows, AdaptNet net) {
        GraphBuilder builder = new GraphBuilder("adapted");
        List<String> parts = new ArrayList<>(List.of(rows.domains().encoding().addTo(builder)));
        for (int i = 0; i < rows.layers().size(); i++) {
            Msda.Layer layer = rows.layers().get(i);
            String name = "autoencoder." + i;
            int width = layer.bias().length;
            String weight = builder.floats(name + ".weight", layer.weight(), layer.weight().length / width, width);
            String bias = builder.floats(name + ".bias", layer.bias(), width);
            String sums = builder.node(
                    "/" + name + "/Gemm",
                    "Gemm",
                    List.of(parts.get(parts.size() - 1), weight, bias),
                    Attribute.of("transB", 0L));
            parts.add(builder.node("/" + name + "/Tanh", "Tanh", List.of(sums)));
        }
        net.addTo(builder, parts.size() == 1 ? parts.get(0) : RowEncoding.beside(builder, parts));
        return builder.build().toBytes();
    }

    private static byte[] manifest(AdaptSettings asked, Domains domains, double lambda, String sha256) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT)
                .put("model_sha256", sha256)
                .put("method", asked.method().spelled())
                .put("lambda", lambda)
                .put("seed", asked.seed())
                .put("input", AdaptNet.ROWS);
        RowEncoding encoding = domains.encoding();
        root.put("numbers", "as in the file; NaN where missing");
        ArrayNode columns = root.putArray("columns");
        encoding.measures().forEach(measure -> columns.addObject().put("name", measure.name()));
        encoding.values()
                .forEach(
                        value -> columns.addObject().put("name", value.column()).put("is_1_where", value.text()));
        ArrayNode classes = root.putArray("classes");
        domains.classes().forEach(classes::add);
        ArrayNode sources = root.putArray("sources");
        asked.sources().forEach(file -> sources.add(String.valueOf(file.getFileName())));
        root.put("target", String.valueOf(asked.target().getFileName()));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
