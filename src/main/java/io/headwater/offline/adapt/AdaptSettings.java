package io.headwater.offline.adapt;

import io.headwater.learn.Allowed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is asked of an adaptation.
 *
 * @param sources labelled rows of the domains that are known, a file for each, at least one
 * @param target rows of the other one, whose labels are not looked at
 * @param test labelled rows of the other one, which say how good the model is and are not learned
 * @param label the column of the labels; svmlight has its own
 * @param lambda the term's strength; by the distance of the domains if left out
 * @param priorShift whether to correct the model for the classes' shares in the target, estimated without labels
 * @param seed of all that chance decides
 * @param out folder for the adapted model; empty to keep none
 */
public record AdaptSettings(
        List<Path> sources,
        Path target,
        Path test,
        Optional<String> label,
        AdaptMethod method,
        OptionalDouble lambda,
        AdaptRun.Settings run,
        boolean priorShift,
        long seed,
        Optional<Path> out) {
    public AdaptSettings {
        sources = List.copyOf(sources);
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("there is no --source; at least one is needed");
        }
        if (label.isEmpty() && !DomainFiles.isSvmlight(target)) {
            throw new IllegalArgumentException("name the column of the labels with --label; only svmlight needs none");
        }
        lambda.ifPresent(strength -> Allowed.within("--lambda", strength, 0, 1e6));
        if (lambda.isPresent() && lambda.getAsDouble() > 0 && method.term().isEmpty()) {
            throw new IllegalArgumentException("--lambda is " + lambda.getAsDouble() + ", but the method '"
                    + method.spelled() + "' has no term whose strength that could be; 0 is allowed, or another method");
        }
    }
}
