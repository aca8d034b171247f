package io.headwater.offline.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.offline.StoppedException;
import io.headwater.torch.TorchDevice;
import java.util.Optional;

/** Adapts a model to another domain, and trains the same one without adaptation to compare. */
public final class Adaptation {
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
     * @throws IllegalArgumentException if the files do not fit each other or the settings
     * @throws StoppedException if the watcher ended it
     */
    public AdaptReport run() throws DatasetException {
        Domains domains =
                DomainFiles.read(asked.source(), asked.target(), asked.test(), asked.label(), watcher::reading);
        AdaptMethod method = asked.method();
        watcher.begins("telling the domains apart");
        double distance = ProxyDistance.between(domains.source(), domains.target(), asked.seed());
        double lambda = asked.lambda().orElse(method.strength(distance));
        Representation plain = Representation.plain(domains);
        Representation rows = method.hasAutoencoder() ? autoencoded(domains) : plain;
        AdaptRun.Outcome adapted = run(rows, lambda > 0 ? method.term() : Optional.empty(), lambda, method.spelled());
        AdaptRun.Outcome unadapted = adapted;
        String comparison = "the same, nothing being adapted";
        if (method.term().isPresent()) {
            unadapted = lambda > 0 ? run(rows, Optional.empty(), 0, "lambda 0") : adapted;
            comparison = "lambda 0 on the same rows";
        } else if (method.hasAutoencoder()) {
            unadapted = run(plain, Optional.empty(), 0, "without the autoencoder");
            comparison = "without the autoencoder";
        }
        return new AdaptReport(
                domains.source().size(),
                domains.target().size(),
                domains.test().size(),
                domains.source().width(),
                domains.classes(),
                distance,
                lambda,
                adapted,
                unadapted,
                comparison);
    }

    private Representation autoencoded(Domains domains) {
        watcher.begins("autoencoder");
        Representation made =
                Representation.autoencoded(domains, Msda.Settings.USUAL, asked.seed(), () -> !watcher.isStopping());
        checkGoing();
        return made;
    }

    private AdaptRun.Outcome run(Representation rows, Optional<DomainTerm> term, double lambda, String name) {
        AdaptRun.Outcome outcome = new AdaptRun(rows, asked.run(), device, asked.seed())
                .run(term, lambda, (done, of, loss) -> {
                    watcher.steps(name, done, of, loss);
                    return !watcher.isStopping();
                });
        checkGoing();
        return outcome;
    }

    private void checkGoing() {
        if (watcher.isStopping()) {
            throw new StoppedException("ended before there was a model; nothing was kept");
        }
    }
}
