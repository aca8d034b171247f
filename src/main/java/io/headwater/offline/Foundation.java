package io.headwater.offline;

import io.headwater.backbone.BackboneInputs;
import io.headwater.backbone.BackboneInputs.Kind;
import io.headwater.backbone.FrozenPart;
import io.headwater.dataset.FileReason;
import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.GraphException;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.learn.gradient.Anatomy;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.Validation;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every version of a model that gradients train stands on: the source model, and on a backbone the whole graph that
 * was cut and the tokenizer that came with it.
 *
 * @param whole the backbone with its head, as version 1 has it; empty where the source model is self-contained
 * @param tokenizer a language model's {@code tokenizer.json}
 * @param cut the words that the backbone was cut by; empty where nobody knows any more
 */
public record Foundation(SourceModel source, Optional<OnnxGraph> whole, Optional<byte[]> tokenizer, String cut)
        implements VersionOne {
    public static final String MODEL = "model.onnx";
    public static final String SOURCE = "source.bin";
    public static final String TOKENIZER = "tokenizer.json";
    private static final String CUT = "cut.txt";

    /** One that needs nothing beside it. */
    public static Foundation of(SourceModel source) {
        return new Foundation(source, Optional.empty(), Optional.empty(), "");
    }

    /**
     * One made offline.
     *
     * @throws IllegalArgumentException if {@code folder} holds none
     */
    public static Foundation fitted(Path folder) {
        try {
            Path source = folder.resolve(SOURCE);
            if (!Files.isRegularFile(source)) {
                throw new IllegalArgumentException(folder + " holds no model to start from: it has no " + SOURCE
                        + ", which headwater fit writes for a label of two values");
            }
            Path tokenizer = folder.resolve(TOKENIZER);
            return of(
                    SourceModel.read(Files.readAllBytes(source)),
                    Optional.of(Files.readAllBytes(folder.resolve(MODEL))),
                    Files.exists(tokenizer) ? Optional.of(Files.readAllBytes(tokenizer)) : Optional.empty(),
                    "");
        } catch (IOException e) {
            throw new IllegalArgumentException(folder + " cannot be read: " + FileReason.of(e), e);
        }
    }

    static Foundation kept(VersionStore store) {
        String cut = store.source()
                .part(CUT)
                .map(words -> new String(words, StandardCharsets.UTF_8))
                .orElse("");
        return of(
                SourceModel.read(store.source().bytes()),
                store.source().part(MODEL),
                store.source().part(TOKENIZER),
                cut);
    }

    private static Foundation of(SourceModel source, Optional<byte[]> whole, Optional<byte[]> tokenizer, String cut) {
        return new Foundation(
                source, whole.filter(file -> source.isOnBackbone()).map(OnnxGraph::read), tokenizer, cut);
    }

    @Override
    public byte[] onnx() {
        return source.onnx();
    }

    @Override
    public RowLayout layout() {
        return source.layout();
    }

    @Override
    public Validation validation() {
        return source.validation();
    }

    @Override
    public void keep(VersionStore store) {
        Map<String, byte[]> parts = new HashMap<>();
        whole.ifPresent(graph -> parts.put(MODEL, graph.toBytes()));
        tokenizer.ifPresent(file -> parts.put(TOKENIZER, file));
        parts.put(CUT, cut.getBytes(StandardCharsets.UTF_8));
        store.source().keep(toBytes(), rowsToBytes(), parts);
    }

    @Override
    public byte[] toBytes() {
        return source.bare().write();
    }

    @Override
    public byte[] rowsToBytes() {
        return source.writeSample();
    }

    @Override
    public Optional<byte[]> without(List<Long> owners) {
        SourceModel others = source.without(OwnerKeys.of(owners));
        return others == source ? Optional.empty() : Optional.of(others.writeSample());
    }

    @Override
    public VersionOne bare() {
        return with(source.bare());
    }

    @Override
    public boolean isBare() {
        return source.sample().size() == 0;
    }

    @Override
    public VersionOne withRowsOf(VersionStore store) {
        return VersionOne.rowsOf(store, this)
                .map(rows -> with(source.withSample(rows)))
                .orElse(this);
    }

    private Foundation with(SourceModel other) {
        return new Foundation(other, whole, tokenizer, cut);
    }

    /** @throws GraphException if the backbone reads something else */
    @Override
    public RowSource rows(FeatureSchema tabular, int maxTokens) {
        if (whole.isEmpty()) {
            return RowSource.of(new FeatureEncoder(tabular));
        }
        OnnxGraph graph = whole.get();
        SplitGraph split = GraphSplitter.split(graph, source.anatomy().cut(Anatomy.SUFFIX));
        return FrozenPart.load(split, inputs(graph, tabular, maxTokens));
    }

    private RowEncoder inputs(OnnxGraph graph, FeatureSchema tabular, int maxTokens) {
        Kind kind = BackboneInputs.kind(graph);
        if (kind == Kind.NUMERIC) {
            return BackboneInputs.numeric(graph, tabular.layout());
        } else if (kind == Kind.TEXT) {
            byte[] file = tokenizer.orElseThrow(() -> new GraphException(
                    "the backbone reads text and has no " + TOKENIZER + " beside it; name one in backbone.tokenizer"));
            return BackboneInputs.text(graph, TextTokenizer.load(file, maxTokens), 0);
        }
        throw new GraphException("the backbone reads images, which events do not carry; text and numbers are allowed");
    }

    @Override
    public byte[] selfContained(byte[] version) {
        if (whole.isEmpty()) {
            return version;
        }
        SplitGraph split = GraphSplitter.split(whole.get(), source.anatomy().cut(Anatomy.SUFFIX));
        return split.merge(OnnxGraph.read(version)).toBytes();
    }
}
