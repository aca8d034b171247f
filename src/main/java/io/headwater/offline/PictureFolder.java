package io.headwater.offline;

import io.headwater.dataset.ImageFolder;
import io.headwater.event.Event;

/** The pictures of a folder; an event's text is the picture's path. */
record PictureFolder(ImageFolder folder) implements ExampleFile {
    @Override
    public int rows() {
        return folder.pictures().size();
    }

    @Override
    public Event event(int row) {
        return new Event(where(row), 0, new float[0], new String[0], new String[] {where(row)});
    }

    @Override
    public String label(int row) {
        return folder.classes().get(folder.pictures().get(row).label());
    }

    @Override
    public String where(int row) {
        return folder.pictures().get(row).file().toString();
    }
}
