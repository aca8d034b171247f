/** Runs the trainable part of an ONNX graph on DJL's PyTorch: operators, gradient scope, AdamW, device. */
@NullMarked
package io.headwater.torch;

import org.jspecify.annotations.NullMarked;
