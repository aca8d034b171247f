package io.headwater.bench.streams;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import io.headwater.learn.OnlineRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import moa.classifiers.AbstractClassifier;

/** A classifier of MOA. Categories are nominal attributes, all of whose values it knows beforehand. */
final class MoaLearner extends PeerLearner {
    private final AbstractClassifier classifier;
    private final InstancesHeader header;

    /** @param classifier with its options set, not yet prepared */
    MoaLearner(AbstractClassifier classifier, StreamRows rows, long seed) {
        super(rows.classes());
        this.classifier = classifier;
        this.header = header(rows);
        classifier.setRandomSeed((int) seed);
        classifier.setModelContext(header);
        classifier.prepareForUse();
        classifier.resetLearning();
    }

    private static InstancesHeader header(StreamRows rows) {
        List<Attribute> attributes = new ArrayList<>();
        rows.numericNames().forEach(name -> attributes.add(new Attribute(name)));
        rows.categories().forEach(column -> attributes.add(new Attribute(column.name(), column.values())));
        attributes.add(new Attribute(
                "class",
                IntStream.range(0, rows.classes()).mapToObj(Integer::toString).toList()));
        InstancesHeader header = new InstancesHeader(new Instances(rows.name(), attributes, 0));
        header.setClassIndex(attributes.size() - 1);
        return header;
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        Votes.toLogits(task(), classifier.getVotesForInstance(instance(row)), classes(), outputs);
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        Instance instance = instance(row);
        instance.setClassValue(label);
        instance.setWeight(weight);
        classifier.trainOnInstance(instance);
    }

    /** A fresh one: a learner may keep what it is given. */
    private Instance instance(OnlineRow row) {
        int numbers = row.numeric().length;
        int categories = row.categorical().length;
        double[] values = new double[numbers + categories + 1];
        for (int i = 0; i < numbers; i++) {
            values[i] = row.numeric()[i];
        }
        for (int i = 0; i < categories; i++) {
            int place = row.categorical()[i];
            values[numbers + i] = place == 0 ? Double.NaN : place - 1;
        }
        Instance instance = new DenseInstance(1, values);
        instance.setDataset(header);
        return instance;
    }
}
