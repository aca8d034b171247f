package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no setting, and the sentence that says so. */
class ConfigRefusalTest {
    private static final String MODEL = "headwater.models.flights.features.numeric = [distance]\n";

    @TempDir
    private Path folder;

    @Test
    void substitution_ofWhatIsNowhere_isAConfigError() {
        assertThatThrownBy(() -> HeadwaterConfig.parse(MODEL + "headwater.http.host = ${no.such.thing.anywhere}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no.such.thing.anywhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a.b\"", "\"\"", "\"../etc\"", "2nd", "-x", "\"a b\"", "\"\u00fcber\""})
    void modelName_thatNoFolderOrTopicMayHave_isRefused(String name) {
        assertRefused(
                "headwater.models." + name + ".features.numeric = [x]",
                "headwater.models has a model named '" + name.replace("\"", "") + "', allowed are letters, digits, _"
                        + " and -, beginning with a letter, at most 64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headwater.htpp.port = 1 | headwater.htpp.port is not a setting; the nearest one is headwater.http.port",
                "headwater.http.prot = 1 | headwater.http.prot is not a setting; the nearest one is headwater.http.port",
                "headwater.http.port.x = 1 | headwater.http.port.x is not a setting; the nearest one is headwater.http.port",
                "headwater.datadir = 1 | headwater.datadir is not a setting; the nearest one is headwater.data-dir",
                "headwater.models.flights.gate.windw = 9"
                        + " | headwater.models.flights.gate.windw is not a setting; the nearest one is"
                        + " headwater.models.flights.gate.window",
                "headwater.models.flights.features.numerics = [a]"
                        + " | headwater.models.flights.features.numerics is not a setting; the nearest one is"
                        + " headwater.models.flights.features.numeric",
                "headwater.model-defaults.training.stepps = 2"
                        + " | headwater.model-defaults.training.stepps is not a setting; the nearest one is"
                        + " headwater.model-defaults.training.steps",
                "headwater.models.flights.features.buckets.0 = 2"
                        + " | headwater.models.flights.features.buckets.0 is not a setting",
                "headwater.kafka.propertis.x = 2 | headwater.kafka.propertis.x is not a setting"
            })
    void unknownKey_isRefusedWithTheNearestOne(String line, String sentence) {
        assertRefused(MODEL + line, sentence);
    }

    @Test
    void unknownKey_isToldWithItsPlace() throws IOException {
        Path file = write(MODEL + "\nheadwater.http.prot = 1\n");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("headwater.conf: 3)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.port = web | headwater.http.port is web, allowed is a whole number from 0 to 65535",
                "http.port = 65536 | headwater.http.port is 65536, allowed is a whole number from 0 to 65535",
                "http.port = -1 | headwater.http.port is -1, allowed is a whole number from 0 to 65535",
                "http.port = 80.5 | headwater.http.port is 80.5, allowed is a whole number from 0 to 65535",
                "http.port = \"80.5\" | headwater.http.port is 80.5, allowed is a whole number from 0 to 65535",
                "http.port = 99999999999 | headwater.http.port is 99999999999, allowed is a whole number",
                "http.port = [1] | headwater.http.port is [1], allowed is a whole number from 0 to 65535",
                "http.port = null | headwater.http.port is null, allowed is a whole number from 0 to 65535",
                "http.host = \"\" | headwater.http.host is empty, allowed is a text that is not blank",
                "http = 5 | headwater.http is 5, allowed is a block { ... }",
                "http = null | headwater.http is null, allowed is a block { ... }",
                "kafka.properties = 5 | headwater.kafka.properties is 5, allowed is a block { ... }",
                "kafka.properties.bootstrap.servers = x | headwater.kafka.properties.bootstrap.servers is not a setting; the"
                        + " one to use is headwater.kafka.bootstrap-servers",
                "models = [] | headwater.models is [], allowed is a block { ... }",
                "models.flights = null | headwater.models.flights is null, allowed is a block { ... }",
                "models.flights.training = fast | headwater.models.flights.training is fast, allowed is a block { ... }",
                "models.flights.training.steps = 0"
                        + " | headwater.models.flights.training.steps is 0, allowed is auto or a whole number from 1 to 1000",
                "models.flights.training.seed = 1.5"
                        + " | headwater.models.flights.training.seed is 1.5, allowed is a whole number",
                "models.flights.training.seed = 1e19"
                        + " | headwater.models.flights.training.seed is 1.0E19, allowed is a whole number",
                "models.flights.training.device = tpu"
                        + " | headwater.models.flights.training.device is tpu, allowed is auto, cpu or gpu:N",
                "models.flights.features.text = body | headwater.models.flights.backbone.file is empty by default, allowed is an ONNX"
                        + " language model, since features.text names a field of text",
                "models.flights.learner = forest | headwater.models.flights.learner is forest, allowed is one of auto, gradient,"
                        + " mixture",
                "models.flights { learner = mixture, adaptation.method = mmd } | headwater.models.flights.adaptation.method is mmd,"
                        + " allowed is none where learner is mixture: a term acts on a hidden layer that trains, and a mixture"
                        + " has none",
                "models.flights { backbone.file = m.onnx, adaptation.method = dann } | headwater.models.flights.adaptation.method"
                        + " is dann, allowed is none where backbone.cut is head: all that a term could align is frozen and has"
                        + " no gradient",
                "models.flights.adaptation.source = [a] | headwater.models.flights.adaptation.domain is empty by default, allowed is the field"
                        + " that names an event's domain, since adaptation.source names source domains",
                "models.flights.adaptation.domain = region | headwater.models.flights.adaptation.source is [] by default, allowed is at"
                        + " least one value of the field 'region' that is a source domain; every other value is a target",
                "models.flights.adaptation { domain = label, source = [a] } | headwater.models.flights.adaptation.domain is"
                        + " label, allowed is a field other than the label",
                "models.flights.erasure.owner = label | headwater.models.flights.erasure.owner is label, allowed is a field"
                        + " other than the label",
                "models.flights.adaptation { domain = region, source = [a, a] } | headwater.models.flights.adaptation.source is"
                        + " [a, a], allowed is each source domain once",
                "models.flights.adaptation.rows = 1000000 | headwater.models.flights.adaptation.rows is 1000000, allowed is a"
                        + " whole number from 2 to 4096",
                "models.flights { learner = mixture, retention.method = ewc } | headwater.models.flights.retention.method is ewc,"
                        + " allowed is none where learner is mixture: it holds a net to its weights, and a mixture is none",
                "models.flights.retention { method = ewc, strength = 0 } | headwater.models.flights.retention.strength is 0,"
                        + " allowed is auto or a number above 0; with 0 the method would do nothing",
                "models.flights.retention.method = lwf | headwater.models.flights.retention.method is lwf, allowed is one of"
                        + " none, l2-sp, ewc, distillation",
                "models.flights.training.replay = latest | headwater.models.flights.training.replay is latest, allowed is one"
                        + " of uniform, class-balanced, age-stratified",
                "models.flights.training.calibrate = often | headwater.models.flights.training.calibrate is often, allowed is"
                        + " true, false or auto",
                "models.flights.training.coral = 1 | headwater.models.flights.training.coral is not a setting",
                "models.flights { learner = mixture, backbone.file = m.onnx } | headwater.models.flights.learner is mixture,"
                        + " allowed is gradient or auto where backbone.file or source.model names a net",
                "models.flights { features.text = body, backbone.file = m.onnx } | headwater.models.flights.features.numeric"
                        + " is [distance], allowed is no field where features.text names one: a backbone reads one or the"
                        + " other",
                "models.flights { features.categorical = [x], backbone.file = m.onnx } |"
                        + " headwater.models.flights.features.categorical is [x], allowed is no field, since backbones read"
                        + " text or numbers",
                "models.flights.source { file = a, model = b } | headwater.models.flights.source.model is b, allowed is"
                        + " nothing where source.file names examples: one of the two",
                "models.flights.head.hidden = [0] | headwater.models.flights.head.hidden is [0], allowed is a list of whole"
                        + " numbers from 1 to 65536",
                "models.flights.training.replay-bytes = 3 | headwater.models.flights.training.replay-bytes is 3, allowed is"
                        + " a size in bytes from 1024 to 2147483648, such as 64 MiB",
                "models.flights.training.learning-rate = NaN"
                        + " | headwater.models.flights.training.learning-rate is NaN, allowed is auto or a number from 0.0 to 1.0",
                "models.flights.training.batch-age = soon"
                        + " | headwater.models.flights.training.batch-age is soon, allowed is a duration from 1 ms to",
                "models.flights.training.batch-age = 0 ms"
                        + " | headwater.models.flights.training.batch-age is 0 ms, allowed is a duration from 1 ms to",
                "models.flights.features.weekday = perhaps"
                        + " | headwater.models.flights.features.weekday is perhaps, allowed is true or false",
                "models.flights.features.numeric = distance"
                        + " | headwater.models.flights.features.numeric is distance, allowed is a list of texts",
                "models.flights.features.numeric = [[a]]"
                        + " | headwater.models.flights.features.numeric is [[a]], allowed is a list of texts",
                "models.flights.features.numeric = []"
                        + " | headwater.models.flights.features.numeric is [], allowed is at least one field name",
                "models.flights.features.numeric = [a, b, a]"
                        + " | headwater.models.flights.features.numeric is [a, b, a], allowed is each field once; 'a'",
                "models.flights.features.categorical = [distance]"
                        + " | headwater.models.flights.features.categorical is [distance], allowed is each field once",
                "models.flights.features.categorical = [weekday]"
                        + " | headwater.models.flights.features.weekday is true by default, allowed is false where a field",
                "models.flights.features.categorical = [label] | headwater.models.flights.features.categorical is [label],"
                        + " allowed is no field that is the label; labels.label is label",
                "models.flights.labels.label = distance | headwater.models.flights.features.numeric is [distance], allowed"
                        + " is no field that is the label; labels.label is distance",
                "models.flights.features.categorical = [a.b, a] | headwater.models.flights.features.categorical is [a.b, a],"
                        + " allowed is no field inside another; 'a.b' lies in 'a', which features.categorical names as a"
                        + " value",
                "models.flights.labels.label = distance.late | headwater.models.flights.labels.label is distance.late,"
                        + " allowed is no field inside another; 'distance.late' lies in 'distance', which features.numeric"
                        + " names as a value",
                "models.flights.events.id = a..b | headwater.models.flights.events.id is a..b, allowed is names between"
                        + " single dots, at most 16; 'a..b' is not that",
                "models.flights.events.id = a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q | headwater.models.flights.events.id is"
                        + " a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q, allowed is names between single dots, at most 16",
                "models.other { features.numeric = [x], lineage.topic = flights.lineage } |"
                        + " headwater.models.flights.lineage.topic is empty by default, allowed is a topic that no other"
                        + " model has; headwater.models.other.lineage.topic is flights.lineage too",
                "models.other { features.numeric = [x], scores.topic = flights.lineage } |"
                        + " headwater.models.flights.lineage.topic is empty by default, allowed is a topic that no other"
                        + " model has; headwater.models.other.scores.topic is flights.lineage too",
                "models.other { features.numeric = [x], dead-letters.topic = flights.versions } |"
                        + " headwater.models.flights.versions.topic is empty by default, allowed is a topic that no other"
                        + " model has; headwater.models.other.dead-letters.topic is flights.versions too",
                "models.flights.scores.format = xml"
                        + " | headwater.models.flights.scores.format is xml, allowed is one of json, avro",
                "models.flights.events.id = \" \""
                        + " | headwater.models.flights.events.id is  , allowed is a text that is not blank",
                "models.flights.events.topic = \"a b\""
                        + " | headwater.models.flights.events.topic is a b, allowed is letters, digits",
                "models.flights.scores.topic = flights.events"
                        + " | headwater.models.flights.scores.topic is flights.events, allowed is a topic of its own; events"
                        + " has flights.events already",
                "models.flights.gate.window = 100"
                        + " | headwater.models.flights.gate.min-examples is 200 by default, allowed is a whole number"
                        + " from 2 to 100, the gate.window",
                "models.flights.gate.approval = yes"
                        + " | headwater.models.flights.gate.approval is yes, allowed is one of automatic, required",
                "models.flights.drift.leave-out = [distanc] | headwater.models.flights.drift.leave-out is [distanc],"
                        + " allowed is none but fields of features.numeric and features.categorical",
                "models.flights.checkpoint.keep = 1"
                        + " | headwater.models.flights.checkpoint.keep is 1, allowed is a whole number from 2 to 100"
            })
    void wrongValue_isRefusedWithItsPathWhatWasFoundAndWhatIsAllowed(String line, String sentence) {
        assertRefused(MODEL + "headwater." + line, sentence);
    }

    @Test
    void wrongValue_isToldWithItsPlace() throws IOException {
        Path file = write(MODEL + "\n\nheadwater.http.port = web\n");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("headwater.conf: 4)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gate.window = 100 | min-examples is 200 by default",
                "features.text = body | backbone.file is empty by default",
                "adaptation.source = [a] | adaptation.domain is empty by default",
                "adaptation.domain = region | adaptation.source is [] by default",
                "features.categorical = [weekday] | features.weekday is true by default",
                "labels.topic = flights.scores | scores.topic is empty by default",
                "adaptation.lambda = big | adaptation.lambda is big, allowed is auto or a number",
                "retention.strength = big | retention.strength is big, allowed is auto or a number"
            })
    void defaultThatIsWrongBesideAUsersValue_isToldWithThatOnesPlace(String line, String sentence) throws IOException {
        Path file = write(MODEL + "\n\nheadwater.models.flights." + line + "\n");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence)
                .hasMessageEndingWith("headwater.conf: 4)");
    }

    @Test
    void topics_thatTellTheModelsApart_mayBeShared() {
        String shared = "{ features.numeric = [x], events.topic = e, labels.topic = l, scores.topic = s,"
                + " dead-letters.topic = d, versions.topic = v }";

        HeadwaterConfig config =
                HeadwaterConfig.parse("headwater.models { one = " + shared + ", two = " + shared + " }");

        assertThat(config.models())
                .extracting(model -> model.topics().lineage())
                .containsExactly("one.lineage", "two.lineage");
    }

    @Test
    void modelThatLacksWhatItNeeds_isToldWithThePlaceOfItsBlock() throws IOException {
        Path file = write("headwater {\n  data-dir = d\n  models {\n    x {\n      gate.window = 300\n    }\n  }\n}\n");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("features.numeric is [] by default")
                .hasMessageEndingWith("headwater.conf: 4)");
    }

    @ParameterizedTest
    @CsvSource({
        "'', the config has no block 'headwater'",
        "'akka.loglevel = DEBUG', the config has no block 'headwater'",
        "'headwater = 5', 'headwater is 5, allowed is a block { ... }'",
        "'headwater {}', headwater.models is empty",
        "'headwater { http {', the config is broken: ",
        "'headwater.models.x {}', 'headwater.models.x.features.numeric is [] by default, allowed is at least one field name'"
    })
    void configWithoutWhatItNeeds_isRefused(String text, String sentence) {
        assertRefused(text, sentence);
    }

    @Test
    void missingFile_isToldWithItsPath() {
        Path file = folder.resolve("none.conf");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the config file " + file + " cannot be read; name one with --config FILE");
    }

    @Test
    void brokenFile_isToldWithItsPathAndLine() throws IOException {
        Path file = write("headwater {\n  http { port = \n");

        assertThatThrownBy(() -> HeadwaterConfig.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the config file " + file + " is broken: ")
                .hasMessageContaining(": 3");
    }

    @Test
    void folderInPlaceOfAFile_isAConfigError() {
        assertThatThrownBy(() -> HeadwaterConfig.read(folder)).isInstanceOf(ConfigException.class);
    }

    @Test
    void passwords_areNeverInAnError() {
        assertThatThrownBy(() -> HeadwaterConfig.parse(
                        MODEL + "headwater.kafka.properties { sasl.jaas.config = hunter2, bootstrap.servers = x }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageNotContaining("hunter2");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("headwater.conf"), text);
    }

    private static void assertRefused(String text, String sentence) {
        assertThatThrownBy(() -> HeadwaterConfig.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(sentence);
    }
}
