/** Models made from files, before a stream: plain steps that commands and services call. */
@NullMarked
package io.headwater.offline;

import org.jspecify.annotations.NullMarked;
