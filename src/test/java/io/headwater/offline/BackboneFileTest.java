package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackboneFileTest {
    private static final List<String> ALLOWED = List.of("Apache-2.0", "MIT");

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        GraphBuilder builder = new GraphBuilder("tiny");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)));
        String y = builder.node("/Relu", "Relu", List.of(x));
        builder.output(TensorSpec.of(y, ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)));
        model = Files.write(folder.resolve("tiny.onnx"), builder.build().toBytes());
    }

    private BackboneFile read() {
        return BackboneFile.read(model, Optional.empty());
    }

    @Test
    void allowedLicence_isTaken() throws IOException {
        Files.writeString(folder.resolve("LICENSE"), "Apache License\nVersion 2.0, January 2004\n");

        assertThat(read().checkLicence(ALLOWED)).isEmpty();
    }

    @Test
    void otherLicence_isRefusedWithTheAllowedOnes() throws IOException {
        Files.writeString(folder.resolve("LICENSE"), "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3\n");

        assertThatThrownBy(() -> read().checkLicence(ALLOWED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("states the licence AGPL-3.0 (file LICENSE); allowed are [Apache-2.0, MIT]");
    }

    @Test
    void noLicence_warns() {
        assertThat(read().checkLicence(ALLOWED))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("states no licence"));
    }

    @Test
    void tokenizer_isFoundBesideTheFile_alsoUnderItsName() throws IOException {
        assertThat(read().tokenizer()).isEmpty();
        Files.write(folder.resolve("tiny-tokenizer.json"), new byte[] {1});
        assertThat(read().tokenizer()).hasValue(new byte[] {1});
        Files.write(folder.resolve("tokenizer.json"), new byte[] {2});
        assertThat(read().tokenizer()).hasValue(new byte[] {2});
    }

    @Test
    void missingTokenizer_isNotBlamedOnTheBackbone() throws IOException {
        read();
        Path tokenizer = folder.resolve("nowhere.json");

        assertThatThrownBy(() -> BackboneFile.read(folder.resolve("tiny.onnx"), Optional.of(tokenizer)))
                .hasMessage("the tokenizer " + tokenizer + " cannot be read: there is no file or folder " + tokenizer);
    }

    @Test
    void missingFile_isOneSentence() {
        assertThatThrownBy(() -> BackboneFile.read(folder.resolve("no.onnx"), Optional.empty()))
                .hasMessage("there is no file " + folder.resolve("no.onnx"));
    }
}
