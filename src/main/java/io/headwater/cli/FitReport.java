package io.headwater.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.learn.gradient.Validation;
import io.headwater.offline.Fitted;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a fit tells at its end.
 *
 * @param seconds from the start to the folder in its place
 */
record FitReport(Fitted fitted, double seconds) implements OfflineRun.Result {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void print(PrintWriter out) {
        Validation best = fitted.trained().validation();
        if (fitted.trained().stopped()) {
            out.println("stopped; these are the best weights so far");
        }
        out.printf(
                Locale.ROOT,
                "%,d rows of %s in %d classes: %s%n",
                fitted.rows(),
                fitted.kind().inWords(),
                fitted.classes().size(),
                OfflineRun.Result.named(fitted.classes()));
        out.printf(
                Locale.ROOT,
                "%,d rows trained %,d weights: cut %s, %s head, %d %s, best after %d, on %s, %.1f s in all%n",
                fitted.trainingRows(),
                fitted.trainedWeights(),
                fitted.cut(),
                fitted.keptHead() ? "the earlier" : "a new",
                fitted.trained().epochs(),
                fitted.trained().epochs() == 1 ? "epoch" : "epochs",
                best.epochs(),
                fitted.device(),
                seconds);
        if (best.epochs() == 0) {
            out.println("no epoch was better than the start: these are the weights that the training began with");
        }
        out.println("validation on " + best);
        out.println(fitted.model() + " (SHA-256 " + fitted.sha256() + ")");
    }

    @Override
    public ObjectNode json() {
        Validation best = fitted.trained().validation();
        ObjectNode report = JSON.createObjectNode();
        report.put("rows", fitted.rows()).put("training_rows", fitted.trainingRows());
        report.put("epochs", fitted.trained().epochs()).put("best_epoch", best.epochs());
        report.put("stopped", fitted.trained().stopped());
        report.putObject("validation")
                .put("rows", best.rows())
                .put("accuracy", best.accuracy())
                .put("roc_auc", best.rocAuc())
                .put("log_loss", best.logLoss())
                .put("average_precision", best.averagePrecision());
        ArrayNode classes = report.putArray("classes");
        fitted.classes().forEach(classes::add);
        report.put("kind", fitted.kind().toString()).put("cut", fitted.cut());
        report.put("head", fitted.keptHead() ? "kept" : "new").put("trained_weights", fitted.trainedWeights());
        report.put("device", fitted.device()).put("seconds", seconds);
        return report.put("model", fitted.model().toString()).put("sha256", fitted.sha256());
    }
}
