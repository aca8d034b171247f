/** The meters of a running Headwater: every name in one class, handles resolved once, scraped by Prometheus. */
@NullMarked
package io.headwater.metrics;

import org.jspecify.annotations.NullMarked;
