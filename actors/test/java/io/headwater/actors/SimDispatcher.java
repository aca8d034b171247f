package io.headwater.actors;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/** Makes every dispatcher of an actor system hand its work to one {@link SimExecutor}. */
public final class SimDispatcher extends ExecutorServiceConfigurator {
    /** The one of this JVM: Akka makes configurators by their names. */
    static final SimExecutor EXECUTOR = new SimExecutor();

    /** As Akka makes it. */
    public SimDispatcher(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> EXECUTOR;
    }
}
