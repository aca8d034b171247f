/** ONNX Runtime sessions on the raw API: direct buffers, pinned outputs, close. */
@NullMarked
package io.headwater.ort;

import org.jspecify.annotations.NullMarked;
