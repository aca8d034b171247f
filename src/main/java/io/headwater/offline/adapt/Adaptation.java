package io.headwater.offline.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.SourceWeights;
import io.headwater.offline.StoppedException;
import io.headwater.torch.TorchDevice;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Adapts a model to another domain, and trains the same one without adaptation to compare. */
public final class Adaptation {
    private static final String NOTHING = "the same, nothing being adapted";

    private final AdaptSettings asked;
    private final AdaptWatcher watcher;
    private final TorchDevice device;

    public Adaptation(AdaptSettings asked, AdaptWatcher watcher, TorchDevice device) {
        this.asked = asked;
        this.watcher = watcher;
        this.device = device;
    }

    /**
     * @throws DatasetException if a file cannot be read
     * @throws UncheckedIOException if the model cannot be written
     * @throws IllegalArgumentException if the files do not fit each other or the settings
     * @throws StoppedException if the watcher ended it
     */
    public AdaptReport run() throws DatasetException {
        Optional<AdaptedModel> file = asked.out().map(AdaptedModel::new);
        file.ifPresent(AdaptedModel::check);
        Domains domains =
                DomainFiles.read(asked.sources(), asked.target(), asked.test(), asked.label(), watcher::reading);
        AdaptMethod method = asked.method();
        watcher.begins("telling the domains apart");
        SourceWeights weights = domains.weights(asked.seed());
        double distance = weights.distance();
        double lambda = asked.lambda().orElse(method.strength(distance));
        Representation plain = Representation.plain(domains);
        Representation rows = representation(plain);
        Compared compared = method.isExact() ? exact(plain, rows, weights) : net(plain, rows, weights, lambda);
        Optional<LabelShift> shift = Optional.empty();
        if (asked.priorShift()) {
            watcher.begins("estimating the target's shares of the classes");
            shift = Optional.of(corrected(rows, weights, compared.adapted()));
            compared = corrected(compared, weights);
        }
        AdaptRun.Outcome adapted = shift.map(LabelShift::corrected).orElse(compared.adapted());
        Optional<AdaptReport.Written> written = Optional.empty();
        if (file.isPresent()) {
            written = Optional.of(file.get().write(asked, rows, adapted.net(), lambda));
        }
        return new AdaptReport(
                sources(domains, weights),
                domains.target().size(),
                domains.test().size(),
                domains.source().width(),
                domains.classes(),
                distance,
                lambda,
                adapted,
                compared.unadapted(),
                compared.comparison(),
                shift.map(found -> new AdaptReport.Shares(
                        found.training(), found.found(), found.explained(), found.uncorrected())),
                written);
    }

    /**
     * A model and what it is compared with.
     *
     * @param rows of the other one
     * @param comparison what that is, in words
     */
    private record Compared(
            AdaptRun.Outcome adapted, AdaptRun.Outcome unadapted, Representation rows, String comparison) {}

    /** Where nothing else is left out of the other model, the correction is; else both have it. */
    private Compared corrected(Compared compared, SourceWeights weights) {
        if (compared.adapted() == compared.unadapted()) {
            return new Compared(
                    compared.adapted(), compared.unadapted(), compared.rows(), "without the correction for the shares");
        }
        AdaptRun.Outcome unadapted =
                corrected(compared.rows(), weights, compared.unadapted()).corrected();
        return new Compared(
                compared.adapted(),
                unadapted,
                compared.rows(),
                compared.comparison() + ", corrected for the shares that it finds");
    }

    private LabelShift corrected(Representation rows, SourceWeights weights, AdaptRun.Outcome outcome) {
        return LabelShift.correct(rows, shares(weights), outcome, device);
    }

    private static List<Double> shares(SourceWeights weights) {
        return weights.weights().size() == 1 ? List.of() : weights.weights();
    }

    private Representation representation(Representation plain) {
        if (asked.method().isRecoloured()) {
            watcher.begins("recolouring the source rows");
            return Representation.recoloured(plain.domains());
        }
        return asked.method().hasAutoencoder() ? autoencoded(plain.domains()) : plain;
    }

    private Compared exact(Representation plain, Representation rows, SourceWeights weights) {
        watcher.begins("exact learner");
        AdaptRun.Outcome adapted = run(rows, weights).runExact();
        checkGoing();
        return asked.method().isRecoloured()
                ? new Compared(
                        adapted, run(plain, weights).runExact(), plain, "the exact learner on the rows as they are")
                : new Compared(adapted, adapted, rows, NOTHING);
    }

    private Compared net(Representation plain, Representation rows, SourceWeights weights, double lambda) {
        AdaptMethod method = asked.method();
        AdaptRun.Outcome adapted =
                run(rows, weights, lambda > 0 ? method.term() : Optional.empty(), lambda, method.spelled());
        if (method.term().isPresent()) {
            AdaptRun.Outcome off = lambda > 0 ? run(rows, weights, Optional.empty(), 0, "lambda 0") : adapted;
            return new Compared(adapted, off, rows, "lambda 0 on the same rows");
        } else if (method.hasAutoencoder()) {
            String without = "without the autoencoder";
            return new Compared(adapted, run(plain, weights, Optional.empty(), 0, without), plain, without);
        }
        return new Compared(adapted, adapted, rows, NOTHING);
    }

    private List<AdaptReport.SourceDomain> sources(Domains domains, SourceWeights weights) {
        List<AdaptReport.SourceDomain> found = new ArrayList<>();
        for (int i = 0; i < asked.sources().size(); i++) {
            found.add(new AdaptReport.SourceDomain(
                    asked.sources().get(i),
                    domains.sourceSizes().get(i),
                    weights.distances().get(i),
                    weights.weights().get(i)));
        }
        return found;
    }

    private Representation autoencoded(Domains domains) {
        watcher.begins("autoencoder");
        Representation made =
                Representation.autoencoded(domains, Msda.Settings.USUAL, asked.seed(), () -> !watcher.isStopping());
        checkGoing();
        return made;
    }

    private AdaptRun.Outcome run(
            Representation rows, SourceWeights weights, Optional<DomainTerm> term, double lambda, String name) {
        AdaptRun.Outcome outcome = run(rows, weights).run(term, lambda, (done, of, loss) -> {
            watcher.steps(name, done, of, loss);
            return !watcher.isStopping();
        });
        checkGoing();
        return outcome;
    }

    private AdaptRun run(Representation rows, SourceWeights weights) {
        return new AdaptRun(rows, asked.run(), device, asked.seed(), shares(weights));
    }

    private void checkGoing() {
        if (watcher.isStopping()) {
            throw new StoppedException("ended before there was a model; nothing was kept");
        }
    }
}
