/** The learning line: one pure step from state and input to state and outputs, and the lineage of its inputs. */
@NullMarked
package io.headwater.line;

import org.jspecify.annotations.NullMarked;
