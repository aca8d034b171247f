/** One HTTP server: metrics, health in the Open Inference Protocol's form, and the operator's calls. */
@NullMarked
package io.headwater.api;

import org.jspecify.annotations.NullMarked;
