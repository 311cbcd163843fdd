package io.ledgerway.node.guest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs test classes in the guest and prints a line for each test, which `GuestTest` reads outside.
public final class InGuest {
    static final String PASSED = "guest-test passed ";
    static final String FAILED = "guest-test failed ";
    static final String SKIPPED = "guest-test skipped ";
    static final String ENDED = "guest-test ended";

    private InGuest() {}

    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                .build();
        LauncherFactory.create().execute(request, new Printing());
        System.out.println(ENDED);
        System.exit(0);
    }

    private static final class Printing implements TestExecutionListener {
        private TestPlan plan;

        @Override
        public void testPlanExecutionStarted(TestPlan started) {
            plan = started;
        }

        private String path(TestIdentifier test) {
            String name = test.getDisplayName().replace('\n', ' ');
            return plan.getParent(test)
                    .filter(parent -> plan.getParent(parent).isPresent())
                    .map(parent -> path(parent) + " / " + name)
                    .orElse(name);
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println(SKIPPED + path(test) + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                if (test.isTest()) {
                    System.out.println(PASSED + path(test));
                }
                return;
            }
            System.out.println(FAILED + path(test));
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
        }
    }
}
