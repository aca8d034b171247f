/** Recorded data as streams and tables: the flights and the mails of the demo, files of examples, folders of pictures. */
@NullMarked
package io.headwater.dataset;

import org.jspecify.annotations.NullMarked;
