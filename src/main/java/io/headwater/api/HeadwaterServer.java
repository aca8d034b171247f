package io.headwater.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.metric.NoopMeterRegistry;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.headwater.metrics.HeadwaterMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * The HTTP server of the process, on one port: {@code /metrics} for Prometheus, health and metadata under {@code /v2},
 * the operator's calls under {@code /admin}. One thread answers; every route answers from memory or waits for nobody.
 */
public final class HeadwaterServer implements AutoCloseable {
    private static final int CONNECTIONS = 256;
    private static final long LONGEST_REQUEST_BYTES = 64 << 10;
    /** Longer than an admin call waits for the actor that it asks. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Server server;
    private final URI address;

    private HeadwaterServer(Server server, URI address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts the server and returns once it listens.
     *
     * @param host name or address to listen on; {@code 0.0.0.0} for all
     * @param port 0 for a free one
     * @throws IllegalStateException if the address cannot be listened on
     */
    public static HeadwaterServer start(
            String host, int port, HeadwaterMetrics metrics, HealthSource health, ModelAdmin admin) {
        InetSocketAddress local = new InetSocketAddress(resolve(host), port);
        ServerBuilder builder = Server.builder()
                .http(local)
                .workerGroup(1)
                .meterRegistry(NoopMeterRegistry.get())
                .maxNumConnections(CONNECTIONS)
                .maxRequestLength(LONGEST_REQUEST_BYTES)
                .requestTimeout(PATIENCE)
                .disableServerHeader()
                .errorHandler(new ErrorAnswers());
        MediaType metricsType = MediaType.parse(metrics.contentType());
        builder.route()
                .get("/metrics")
                .build((context, request) ->
                        HttpResponse.of(HttpStatus.OK, metricsType, HttpData.wrap(metrics.scrape())));
        new HealthRoutes(health, metrics.build()).addTo(builder);
        new AdminRoutes(admin).addTo(builder);
        Server server = builder.build();
        try {
            server.start().join();
        } catch (CompletionException e) {
            server.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "cannot listen on " + host + " port " + port + ": " + cause.getMessage()
                            + "; headwater.http.host and headwater.http.port choose another",
                    cause);
        }
        InetSocketAddress listening =
                Objects.requireNonNull(server.activePort(), "port").localAddress();
        return new HeadwaterServer(server, address(local.getAddress(), listening.getPort()));
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("headwater.http.host is '" + host + "', which is no address here", e);
        }
    }

    private static URI address(InetAddress listening, int port) {
        String host = listening.isAnyLocalAddress() ? "127.0.0.1" : listening.getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /** Where the server can be reached from this machine, with the port that it really has. */
    public URI address() {
        return address;
    }

    /** Answers what is in hand and closes the port; takes the two seconds that Netty waits for late tasks. */
    @Override
    public void close() {
        server.close();
    }
}
