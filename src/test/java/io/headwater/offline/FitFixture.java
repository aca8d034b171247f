package io.headwater.offline;

import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.gradient.Recipe;
import io.headwater.offline.FitSettings.HoldOut;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;

/** Small files to fit on, and settings that a test changes one at a time. */
final class FitFixture {
    /** What a test asks for; the rest is as the command has it. */
    record Ask(
            Path data,
            Optional<String> label,
            Optional<Path> backbone,
            Optional<Path> source,
            Optional<String> cut,
            Optional<String> text,
            Optional<String> image,
            HoldOut holdOut,
            UnaryOperator<Recipe> recipe,
            long seed,
            boolean overwrite) {
        static Ask of(Path data) {
            return new Ask(
                    data,
                    Optional.of("label"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new HoldOut.Stratified(),
                    recipe -> recipe.withEpochs(3),
                    1,
                    false);
        }

        Ask withoutLabel() {
            return new Ask(
                    data, Optional.empty(), backbone, source, cut, text, image, holdOut, recipe, seed, overwrite);
        }

        Ask on(Path file, String where) {
            return new Ask(
                    data,
                    label,
                    Optional.of(file),
                    source,
                    Optional.of(where),
                    text,
                    image,
                    holdOut,
                    recipe,
                    seed,
                    overwrite);
        }

        Ask from(Path earlier) {
            return new Ask(
                    data, label, backbone, Optional.of(earlier), cut, text, image, holdOut, recipe, seed, overwrite);
        }

        Ask withText(String column) {
            return new Ask(
                    data, label, backbone, source, cut, Optional.of(column), image, holdOut, recipe, seed, overwrite);
        }

        Ask withImage(String column) {
            return new Ask(
                    data, label, backbone, source, cut, text, Optional.of(column), holdOut, recipe, seed, overwrite);
        }

        Ask holding(HoldOut rule) {
            return new Ask(data, label, backbone, source, cut, text, image, rule, recipe, seed, overwrite);
        }

        Ask with(UnaryOperator<Recipe> change) {
            return new Ask(data, label, backbone, source, cut, text, image, holdOut, change, seed, overwrite);
        }

        Ask withSeed(long value) {
            return new Ask(data, label, backbone, source, cut, text, image, holdOut, recipe, value, overwrite);
        }

        Ask overwriting() {
            return new Ask(data, label, backbone, source, cut, text, image, holdOut, recipe, seed, true);
        }

        FitSettings into(Path out) {
            return new FitSettings(
                    new FitSettings.Data(
                            data,
                            Optional.empty(),
                            label,
                            text,
                            image,
                            List.of(),
                            List.of(),
                            Optional.empty(),
                            holdOut),
                    new FitSettings.Model(
                            backbone,
                            Optional.empty(),
                            source,
                            List.of("MIT"),
                            cut,
                            Optional.empty(),
                            Optional.empty(),
                            OptionalInt.empty()),
                    new FitSettings.Training(recipe, new ClassWeights.Equal(), seed, "cpu"),
                    out,
                    overwrite);
        }

        Fitted fit(Path out) throws IOException {
            return new Fit(into(out), FitWatcher.NONE).run();
        }
    }

    private FitFixture() {}

    /** Three numbers, a category and a time; the class follows from {@code a + b} and the category. */
    static Path table(Path file, int rows, String... classes) throws IOException {
        Random random = new Random(7);
        StringBuilder out = new StringBuilder("a,b,c,place,day,label\n");
        for (int row = 0; row < rows; row++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            boolean north = random.nextBoolean();
            int known = (a + b > 0 ? 1 : 0) + (classes.length > 2 && north ? 1 : 0);
            out.append(a).append(',').append(b).append(',').append(random.nextGaussian());
            out.append(',').append(north ? "north" : "south").append(',').append(rows - row);
            out.append(',').append(classes[known]).append('\n');
        }
        return Files.writeString(file, out);
    }

    /** The same without category and time. */
    static Path numbers(Path file, int rows) throws IOException {
        Random random = new Random(7);
        StringBuilder out = new StringBuilder("a,b,c,label\n");
        for (int row = 0; row < rows; row++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            out.append(a).append(',').append(b).append(',').append(random.nextGaussian());
            out.append(',').append(a + b > 0 ? "up" : "down").append('\n');
        }
        return Files.writeString(file, out);
    }

    /** Two hidden layers on three numbers, as an exporter names them. */
    static Path net(Path file) throws IOException {
        Random random = new Random(5);
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(3)));
        int width = 3;
        for (int layer = 0; layer < 2; layer++) {
            String name = "layers." + layer;
            String w = builder.floats(name + ".weight", gaussian(random, 8 * width), 8, width);
            String b = builder.floats(name + ".bias", gaussian(random, 8), 8);
            String made = builder.node("/" + name + "/Gemm", "Gemm", List.of(x, w, b), Attribute.of("transB", 1L));
            x = builder.node("/" + name + "/Relu", "Relu", List.of(made));
            width = 8;
        }
        builder.output(TensorSpec.of(x, ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(width)));
        return Files.write(file, builder.build().toBytes());
    }

    /** One convolution on pictures of 8 x 8. */
    static Path vision(Path file) throws IOException {
        Random random = new Random(5);
        GraphBuilder builder = new GraphBuilder("vision");
        Dim batch = Dim.dynamic("batch");
        String x = builder.input(TensorSpec.of("pixels", ElementType.FLOAT, batch, Dim.of(3), Dim.of(8), Dim.of(8)));
        String w = builder.floats("conv.weight", gaussian(random, 4 * 3 * 3 * 3), 4, 3, 3, 3);
        String b = builder.floats("conv.bias", gaussian(random, 4), 4);
        String made = builder.node("/conv/Conv", "Conv", List.of(x, w, b));
        String y = builder.node("/conv/Relu", "Relu", List.of(made));
        builder.output(TensorSpec.of(y, ElementType.FLOAT, batch, Dim.of(4), Dim.of(6), Dim.of(6)));
        return Files.write(file, builder.build().toBytes());
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        return values;
    }

    /** Reddish and bluish pictures, brighter on the left, in a folder for each class. */
    static Path pictures(Path folder, int each) throws IOException {
        Random random = new Random(3);
        for (String name : List.of("red", "blue")) {
            Path inside = Files.createDirectories(folder.resolve(name));
            for (int i = 0; i < each; i++) {
                BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
                for (int at = 0; at < 64; at++) {
                    int strong = 100 + random.nextInt(100) + (at % 8 < 4 ? 50 : 0);
                    int weak = random.nextInt(120);
                    int rgb = name.equals("red") ? strong << 16 | weak : weak << 16 | strong;
                    image.setRGB(at % 8, at / 8, rgb);
                }
                ImageIO.write(image, "png", inside.resolve(i + ".png").toFile());
            }
        }
        return folder;
    }
}
