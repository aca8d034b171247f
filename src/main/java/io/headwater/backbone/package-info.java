/** The frozen part of a backbone, which every version of a model shares: run once for each event. */
@NullMarked
package io.headwater.backbone;

import org.jspecify.annotations.NullMarked;
