package io.headwater.actors.app;

import io.headwater.actors.Service;
import io.headwater.cli.CommandFailedException;
import io.headwater.cli.EndSignal;
import io.headwater.config.HeadwaterConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is stopped. */
@Command(
        name = "serve",
        description = "Score, learn and serve the models of a config file until stopped (Ctrl-C finishes cleanly).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater serve --config docs/headwater.conf",
            "  CONFIG_FORCE_headwater_http_port=9000 headwater serve --config headwater.conf"
        })
final class ServeCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The config file (HOCON).")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        HeadwaterConfig settings = HeadwaterConfig.read(config);
        try (EndSignal end = EndSignal.listen(Headwater.ENDING);
                Service service = Service.start(settings, Clock.systemUTC())) {
            out.println("listening on " + service.address());
            out.flush();
            if (end.comesBefore(service.ready())) {
                out.println("stopping before all models serve");
                out.flush();
                return;
            }
            service.ready().get();
            service.describe().forEach(out::println);
            out.println("serving; Ctrl-C stops");
            out.flush();
            end.await(Duration.ofMillis(Long.MAX_VALUE));
            out.println("stopping");
            out.flush();
        } catch (ExecutionException e) {
            throw CommandFailedException.because(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
