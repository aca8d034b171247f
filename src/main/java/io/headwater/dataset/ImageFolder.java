package io.headwater.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of pictures with one subfolder for each class.
 *
 * @param classes the subfolders' names, sorted
 * @param pictures class by class, sorted by file name within each
 */
public record ImageFolder(List<String> classes, List<Picture> pictures) {
    private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
    private static final String ALLOWED = "allowed is a folder of subfolders, one for each class, that hold .png, .jpg,"
            + " .jpeg, .gif and .bmp files and nothing else";

    /** @param label the place of its class among {@link #classes} */
    public record Picture(Path file, int label) {}

    public ImageFolder {
        classes = List.copyOf(classes);
        pictures = List.copyOf(pictures);
    }

    /**
     * Lists the pictures without opening them. Names that start with a dot are passed over.
     *
     * @param most how many pictures are allowed
     * @throws DatasetException if the folder is missing, cannot be listed, has fewer than two classes or an empty one,
     *     or holds something else; the message says which
     */
    public static ImageFolder read(Path folder, int most) throws DatasetException {
        if (!Files.isDirectory(folder)) {
            throw new DatasetException(folder + ": there is no such folder; " + ALLOWED);
        }
        List<String> classes = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        for (Path subfolder : sorted(folder)) {
            if (!Files.isDirectory(subfolder)) {
                throw new DatasetException(subfolder + ": a file beside the classes; " + ALLOWED);
            }
            int before = pictures.size();
            for (Path file : sorted(subfolder)) {
                if (!isPicture(file)) {
                    throw new DatasetException(file + ": not a picture file; " + ALLOWED);
                }
                if (pictures.size() == most) {
                    throw new DatasetException(folder + ": more than the " + most + " pictures that are allowed");
                }
                pictures.add(new Picture(file, classes.size()));
            }
            if (pictures.size() == before) {
                throw new DatasetException(subfolder + ": a class without pictures; " + ALLOWED);
            }
            classes.add(String.valueOf(subfolder.getFileName()));
        }
        if (classes.size() < 2) {
            throw new DatasetException(folder + ": "
                    + (classes.isEmpty() ? "no subfolder" : "one subfolder, " + classes.get(0))
                    + "; allowed are two classes at least");
        }
        return new ImageFolder(classes, pictures);
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }

    /** By the names' characters, so that the order is the same on every machine. */
    private static List<Path> sorted(Path folder) throws DatasetException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new DatasetException(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }
}
