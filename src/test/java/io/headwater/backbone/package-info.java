@NullMarked
package io.headwater.backbone;

import org.jspecify.annotations.NullMarked;
