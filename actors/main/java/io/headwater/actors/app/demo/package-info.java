/**
 * What the demo needs beside the service: a replay that feeds it, an audit that counts what comes out, and the
 * baselines it is compared with. Plain threads and values, no actors.
 */
@NullMarked
package io.headwater.actors.app.demo;

import org.jspecify.annotations.NullMarked;
