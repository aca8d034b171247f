/** Versions, manifests and checkpoints on disk: written whole or not at all; promote, roll back, audit. */
@NullMarked
package io.headwater.registry;

import org.jspecify.annotations.NullMarked;
