package io.headwater.ops;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The classes that one class file refers to by name in its constant pool: what the JVM may have to load for it. */
final class ClassReferences {
    private static final int MAGIC = 0xCAFEBABE;

    private ClassReferences() {}

    /** Internal names, such as {@code java/lang/String}; arrays by what they hold. */
    static Set<String> of(InputStream classFile) throws IOException {
        DataInputStream in = new DataInputStream(classFile);
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readInt();
        int count = in.readUnsignedShort();
        Map<Integer, String> texts = new HashMap<>();
        Set<Integer> classes = new HashSet<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.put(i, in.readUTF());
                case 7 -> classes.add(in.readUnsignedShort());
                case 8, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                // a long and a double take two places
                case 5, 6 -> {
                    in.readLong();
                    i++;
                }
                default -> throw new IOException("unknown constant " + tag);
            }
        }
        Set<String> names = new HashSet<>();
        for (int index : classes) {
            String name = texts.get(index);
            if (name != null) {
                names.add(element(name));
            }
        }
        return names;
    }

    private static String element(String name) {
        int dimensions = name.lastIndexOf('[') + 1;
        return dimensions > 0 && name.charAt(dimensions) == 'L'
                ? name.substring(dimensions + 1, name.length() - 1)
                : name.substring(dimensions);
    }
}
