package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.offline.FitFixture.Ask;
import io.headwater.offline.FitSettings.HoldOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit together is refused in one sentence, and nothing is written. */
final class FitRefusalTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    private void refused(Ask ask, String sentence) {
        assertThatThrownBy(() -> ask.fit(dir.resolve("model")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
        assertThat(dir.resolve("model")).doesNotExist();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(dir.resolve("data.csv"), text);
    }

    private Path net() throws IOException {
        return FitFixture.net(dir.resolve("net.onnx"));
    }

    @Test
    void missingLabel_isNamedWithItsRow() throws IOException {
        refused(Ask.of(file("a,label\n1,x\n2,\n3,y\n")), "data.csv, row 2: the label is missing");
    }

    @Test
    void oneClass() throws IOException {
        refused(Ask.of(file("a,label\n1,x\n2,x\n")), "the same value in every row, x; at least two classes are needed");
    }

    @Test
    void moreThanAThousandClasses_areNamedWithTheRow() throws IOException {
        StringBuilder rows = new StringBuilder("a,label\n");
        for (int i = 0; i < 1200; i++) {
            rows.append("1,").append(i).append('\n');
        }
        refused(Ask.of(file(rows.toString())), "data.csv, row 1001: the label has more than 1000 different values");
    }

    @Test
    void unknownColumn_namesTheNearest() throws IOException {
        refused(Ask.of(file("a,lable\n1,x\n")), "there is no column 'label'; there are lable");
    }

    @Test
    void labelOfFractions_isNoClass() throws IOException {
        refused(
                Ask.of(file("a,label\n1,3\n2,0.125\n3,4\n")),
                "data.csv, row 2: the label 'label' is 0.125, a fraction; fit trains classes");
    }

    @Test
    void noLabelNamed() throws IOException {
        refused(Ask.of(file("a,label\n1,x\n")).withoutLabel(), "name the column of the classes with --label");
    }

    @Test
    void textColumnForABackboneOfNumbers() throws IOException {
        refused(
                Ask.of(file("a,b,c,d,label\n1,2,3,far,x\n1,2,3,near,y\n")).on(net(), "head"),
                "the backbone reads numbers, and d hold texts; leave them out with --ignore");
    }

    @Test
    void otherNumberOfColumnsThanTheBackboneReads() throws IOException {
        refused(
                Ask.of(file("a,b,label\n1,2,x\n1,2,y\n1,2,x\n1,2,y\n")).on(net(), "head"),
                "there are 2 numeric fields");
    }

    @Test
    void textWithoutALanguageModel() throws IOException {
        refused(
                Ask.of(file("a,label\nhi,x\nyo,y\n")).withText("a"),
                "--text needs a backbone that reads text; name one with --backbone");
        refused(Ask.of(file("a,label\nhi,x\nyo,y\n")).on(net(), "head").withText("a"), "this one reads numbers");
    }

    @Test
    void wrongCut_namesTheNearest() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        refused(Ask.of(numbers).on(net(), "/layers.0/Relu"), "/layers.0/Relu_output_0");
        refused(Ask.of(numbers).on(net(), "last:9"), "so K goes from 1 to 2");
    }

    @Test
    void labelAsTheText() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        Path pictures = FitFixture.vision(dir.resolve("pictures.onnx"));
        refused(
                Ask.of(numbers).on(pictures, "head").withImage("label"),
                "the column 'label' cannot be the label and what the model reads at the same time");
    }

    @Test
    void backboneCutShort_isNamed() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        Path whole = net();
        Path half = Files.write(
                dir.resolve("half.onnx"),
                java.util.Arrays.copyOf(Files.readAllBytes(whole), (int) Files.size(whole) / 2));
        refused(Ask.of(numbers).on(half, "head"), "the backbone " + half + " is refused: ");
    }

    @Test
    void augmentationOfAnotherKindOfRows() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        refused(
                Ask.of(numbers).with(recipe -> recipe.withAugmentation(new Augmentation(0, 0, 0.1, 0, 0))),
                "token dropout is for text; this model reads a table");
    }

    @Test
    void classThatNoTrainingRowHas() throws IOException {
        Path other = Files.writeString(dir.resolve("other.csv"), "a,label\n1,z\n");
        refused(
                Ask.of(file("a,label\n1,x\n2,y\n")).holding(new HoldOut.Other(other)),
                "other.csv, row 1: the label is 'z', which no row to train on has; there are x, y");
    }

    @Test
    void missingTime_isNamedWithItsRow() throws IOException {
        refused(
                Ask.of(file("a,day,label\n1,1,x\n2,,y\n")).holding(new HoldOut.ByTime("day")),
                "data.csv, row 2: the time in 'day' is missing");
    }

    @Test
    void licenceThatIsNotAllowed() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        Files.writeString(dir.resolve("LICENSE"), "GNU AFFERO GENERAL PUBLIC LICENSE\n");
        refused(Ask.of(numbers).on(net(), "head"), "states the licence AGPL-3.0 (file LICENSE); allowed are [MIT]");
    }

    @Test
    void pictureThatIsMissing() throws IOException {
        Path vision = FitFixture.vision(dir.resolve("vision.onnx"));
        refused(
                Ask.of(file("picture,label\nno.png,x\nno.png,y\nno.png,x\nno.png,y\n"))
                        .on(vision, "head")
                        .withImage("picture"),
                "data.csv, row 1: there is no picture ");
    }

    @Test
    void folderThatIsNoFit_asSource() throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 50);
        refused(Ask.of(numbers).from(dir), "is no folder that headwater fit made: it has no manifest.json");
    }
}
