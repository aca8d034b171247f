/** An ONNX graph as data: read, checked, cut, written; knows nothing of what runs it. */
@NullMarked
package io.headwater.graph;

import org.jspecify.annotations.NullMarked;
