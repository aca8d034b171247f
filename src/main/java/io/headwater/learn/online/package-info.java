/** Learners that change with every labelled row, in plain Java: linear models, random ferns, and a stack of them. */
@NullMarked
package io.headwater.learn.online;

import org.jspecify.annotations.NullMarked;
