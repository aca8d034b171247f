package io.headwater.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.event.EventLayout;
import io.headwater.graph.Backbone;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.Validation;
import io.headwater.ort.InferenceSession;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Collection;

/** Writes down how a fitted model came about, as JSON. */
final class FitManifest {
    static final String FILE = "manifest.json";
    static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final ObjectNode root = JSON.createObjectNode().put("format", FORMAT);

    FitManifest data(FitKind kind, FitData data, Path file, String sha256) {
        root.put("kind", kind.toString()).put("label", data.label());
        texts("classes", data.examples().classes());
        if (data.examples().outputs() == 1) {
            root.put("positive", data.examples().classes().get(1));
        }
        EventLayout fields = data.fields();
        ObjectNode slots = root.putObject("fields");
        texts(slots.putArray("numeric"), fields.numeric());
        texts(slots.putArray("categorical"), fields.categorical());
        texts(slots.putArray("text"), fields.text());
        root.putObject("data").put("file", String.valueOf(file.getFileName())).put("sha256", sha256);
        return this;
    }

    FitManifest rows(Split split) {
        root.putObject("rows").put("training", split.training().length).put("validation", split.heldOut().length);
        return this;
    }

    FitManifest model(Backbone backbone, Subject.Shape shape, boolean keptHead) {
        root.put("max_tokens", shape.maxTokens()).put("hash_buckets", shape.buckets());
        root.put("cut", shape.cut());
        ArrayNode frontier = root.putArray("cut_tensors");
        backbone.split().frontier().forEach(tensor -> frontier.add(tensor.name()));
        root.put("head_on", backbone.hidden());
        ArrayNode widths = root.putArray("hidden");
        shape.hidden().forEach(widths::add);
        texts("head_weights", backbone.headWeights());
        root.put("head", keptHead ? "kept" : "new");
        ArrayNode layers = root.putArray("trained_layers");
        backbone.trained().forEach(layer -> layers.add(layer.name()));
        return this;
    }

    /**
     * What it stands on.
     *
     * @param licence empty where none is stated
     */
    FitManifest origin(Path file, String sha256, String licence) {
        root.put("backbone", String.valueOf(file.getFileName()))
                .put("backbone_sha256", sha256)
                .put("licence", licence);
        return this;
    }

    FitManifest recipe(Recipe recipe, long seed) {
        ObjectNode node = root.putObject("recipe");
        node.put("learning_rate", recipe.learningRate())
                .put("weight_decay", recipe.weightDecay())
                .put("clip_norm", recipe.clipNorm())
                .put("batch", recipe.batchRows())
                .put("epochs", recipe.maxEpochs())
                .put("patience", recipe.stopping().patience())
                .put("min_gain", recipe.stopping().minGain())
                .put("validation", recipe.validationShare())
                .put("warm_up", recipe.schedule().warmUp())
                .put("decay", recipe.schedule().decay().toString())
                .put("backbone_factor", recipe.layerRates().backboneFactor())
                .put("layer_decay", recipe.layerRates().layerDecay())
                .put("unfreeze", recipe.unfreezing().toString())
                .put("focal", recipe.objective().focusing())
                .put("smoothing", recipe.objective().smoothing())
                .put("mixup", recipe.augmentation().mixup())
                .put("feature_mask", recipe.augmentation().featureMasking())
                .put("token_dropout", recipe.augmentation().tokenDropout())
                .put("flip", recipe.augmentation().flip())
                .put("crop", recipe.augmentation().cropPadding());
        ArrayNode weights = node.putArray("class_weights");
        recipe.objective().classWeights().forEach(weights::add);
        root.put("seed", seed);
        return this;
    }

    FitManifest result(Trained trained, String modelSha256) {
        Validation best = trained.validation();
        root.put("epochs", trained.epochs())
                .put("best_epoch", best.epochs())
                .put("stopped", trained.stopped())
                .put("model_sha256", modelSha256);
        root.putObject("validation")
                .put("accuracy", best.accuracy())
                .put("roc_auc", best.rocAuc())
                .put("log_loss", best.logLoss())
                .put("average_precision", best.averagePrecision());
        return this;
    }

    FitManifest made(String device) {
        String version = FitManifest.class.getPackage().getImplementationVersion();
        root.putObject("made_with")
                .put("device", device)
                .put("headwater", version == null ? "development" : version)
                .put("java", System.getProperty("java.vm.version", ""))
                .put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""))
                .put("torch", TorchDevice.torchVersion())
                .put("onnxruntime", InferenceSession.runtimeVersion());
        return this;
    }

    private void texts(String key, Collection<String> texts) {
        texts(root.putArray(key), texts);
    }

    private static void texts(ArrayNode list, Collection<String> texts) {
        texts.forEach(list::add);
    }

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
