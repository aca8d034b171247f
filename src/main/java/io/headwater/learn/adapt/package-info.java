/** Domain adaptation: what pulls the features of labelled source rows and of today's unlabelled traffic together. */
@NullMarked
package io.headwater.learn.adapt;

import org.jspecify.annotations.NullMarked;
