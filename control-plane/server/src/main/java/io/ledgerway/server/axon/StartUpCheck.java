package io.ledgerway.server.axon;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.common.configuration.Configuration;
import org.axonframework.messaging.core.interception.DispatchInterceptorRegistry;
import org.axonframework.messaging.core.interception.HandlerInterceptorRegistry;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.ProcessingLifecycle.DefaultPhases;
import org.axonframework.messaging.core.unitofwork.ProcessingLifecycle.Phase;
import org.axonframework.messaging.core.unitofwork.UnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;

/// What accepting inside `commit()` rests on, checked whenever a partition is opened: handlers run on the
/// dispatching thread, dispatch returns before the commit, and nothing but the engine acts in the COMMIT
/// phase.
final class StartUpCheck {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /// Runs when every COMMIT action has been registered and none has been run.
    private static final Phase BEFORE_COMMIT = () -> DefaultPhases.COMMIT.order() - 1;

    private StartUpCheck() {}

    static void check(Configuration configuration) {
        require(
                configuration.getOptionalComponent(TransactionManager.class).isEmpty(),
                "a TransactionManager is registered: it would block dispatching until the commit");
        require(
                configuration
                                .getComponent(DispatchInterceptorRegistry.class)
                                .commandInterceptors(configuration)
                                .isEmpty()
                        && configuration
                                .getComponent(DispatchInterceptorRegistry.class)
                                .eventInterceptors(configuration)
                                .isEmpty()
                        && configuration
                                .getComponent(HandlerInterceptorRegistry.class)
                                .commandInterceptors(configuration)
                                .isEmpty(),
                "an interceptor is registered: it may move handlers to another thread or act when they commit");
        checkScheduler(configuration.getComponent(UnitOfWorkFactory.class));
    }

    /// To be called by a handler that sources and appends; fails its command unless the engine's two COMMIT
    /// actions, the append and the barrier in its stead, are the only ones.
    static void checkCommitActions(ProcessingContext context) {
        context.runOn(BEFORE_COMMIT, c -> {
            int actions = commitActions(c);
            require(actions == 2, "there are " + actions + " COMMIT actions where the engine has 2");
        });
    }

    private static void checkScheduler(UnitOfWorkFactory factory) {
        var probed = new CompletableFuture<String>();
        // A scheduler that is not direct might block here for ever, so it is tried on a thread that may be left behind.
        Thread.ofPlatform().daemon().name("log-start-up-check").start(() -> {
            var unit = factory.create("start-up-check");
            var committed = new CompletableFuture<Void>();
            var ranOn = new Thread[1];
            unit.runOnInvocation(c -> ranOn[0] = Thread.currentThread());
            unit.onCommit(c -> committed);
            var done = unit.execute();
            probed.complete(
                    ranOn[0] != Thread.currentThread() || done.isDone()
                            ? "the unit of work does not run on the thread that dispatches"
                            : "");
            committed.complete(null);
        });
        try {
            var complaint = probed.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            require(complaint.isEmpty(), complaint);
        } catch (TimeoutException e) {
            require(false, "the unit of work blocks until the commit");
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the unit of work could not be checked", e);
        }
    }

    /// Axon does not tell which actions are registered, so its field is looked at. If a release renames it,
    /// this fails and somebody has to look again.
    private static int commitActions(ProcessingContext context) {
        try {
            var field = context.getClass().getDeclaredField("phaseActions");
            field.setAccessible(true);
            var actions = ((Map<?, ?>) field.get(context)).get(DefaultPhases.COMMIT);
            return actions instanceof Collection<?> collection ? collection.size() : 0;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the COMMIT actions of " + context.getClass() + " cannot be seen", e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("Axon is not wired as the log needs it: " + otherwise);
        }
    }
}
