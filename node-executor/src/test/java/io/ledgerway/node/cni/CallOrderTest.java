package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which calls wait for each other.
@Timeout(60)
class CallOrderTest extends SocketTest {

    @Test
    void callsAboutOneAttachmentComeOneAfterTheOtherAndOthersAtTheSameTime() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        served.handler.behaviour = () -> ServedSocket.await(release);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniClient.Reply>> replies = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    Map<String, String> environment = ServedSocket.environment("ADD");
                    environment.put("CNI_ARGS", "K8S_POD_UID=uid-" + i);
                    replies.add(callers.submit(() -> served.client.call(environment, ServedSocket.CONFIGURATION)));
                }
                // A new sandbox of the same pod is about the same attachment.
                Map<String, String> sameP = ServedSocket.environment("DEL");
                sameP.put("CNI_ARGS", "K8S_POD_UID=uid-0");
                sameP.put("CNI_CONTAINERID", "older");
                ServedSocket.waitFor(() -> served.handler.running.get() == 20);
                replies.add(callers.submit(() -> served.client.call(sameP, ServedSocket.CONFIGURATION)));
                ServedSocket.waitFor(() -> served.server.openConnections() == 21);
                assertEquals(20, served.handler.running.get());
            } finally {
                release.countDown();
            }
            for (Future<CniClient.Reply> reply : replies) {
                assertEquals(0, reply.get().exitStatus());
            }
        }
        assertEquals(21, served.handler.calls.size());
        List<String> ofTheOnePod = new ArrayList<>();
        for (CniCall call : served.handler.calls) {
            if (call instanceof CniCall.Delete) {
                ofTheOnePod.add("DEL");
            } else if (call instanceof CniCall.Add add
                    && add.attachment().pod().uid().equals("uid-0")) {
                ofTheOnePod.add("ADD");
            }
        }
        assertEquals(List.of("ADD", "DEL"), ofTheOnePod);
        served.assertQuiet();
    }

    @Test
    void waitingCallsHaveTheirTurnsInTheOrderOfTheirArrival() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        served.handler.behaviour = () -> ServedSocket.await(release);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> arrived = new ArrayList<>();
            try {
                for (int i = 1; i <= KeyedOrder.MAX_WAITING; i++) {
                    int calls = i;
                    Map<String, String> environment = ServedSocket.environment(i % 2 == 0 ? "DEL" : "ADD");
                    environment.put("CNI_CONTAINERID", "c" + i);
                    arrived.add("c" + i);
                    callers.submit(() -> served.client.call(environment, ServedSocket.CONFIGURATION));
                    ServedSocket.waitFor(() -> served.server.callsInTurn() == calls);
                }
            } finally {
                release.countDown();
            }
            ServedSocket.waitFor(() -> served.handler.calls.size() == KeyedOrder.MAX_WAITING);
            assertEquals(
                    arrived,
                    served.handler.calls.stream().map(CallOrderTest::container).toList());
        }
        served.assertQuiet();
    }

    private static String container(CniCall call) {
        return switch (call) {
            case CniCall.Add add -> add.attachment().containerId();
            case CniCall.Delete delete -> delete.attachment().containerId();
            case CniCall.Check check -> check.attachment().containerId();
            case CniCall.Status status -> "";
            case CniCall.GarbageCollection collection -> "";
        };
    }

    @Test
    void moreCallsAboutOneAttachmentThanMayWaitAreSentAway() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        served.handler.behaviour = () -> ServedSocket.await(release);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniClient.Reply>> replies = new ArrayList<>();
            try {
                for (int i = 0; i <= KeyedOrder.MAX_WAITING; i++) {
                    replies.add(callers.submit(
                            () -> served.client.call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)));
                }
                ServedSocket.waitFor(() -> served.server.callsInTurn() == KeyedOrder.MAX_WAITING + 1);

                CniClient.Reply refused =
                        served.client.call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION);

                assertEquals(11, ServedSocket.json(refused).get("code"));
            } finally {
                release.countDown();
            }
            for (Future<CniClient.Reply> reply : replies) {
                assertEquals(0, reply.get().exitStatus());
            }
        }
        served.assertQuiet();
    }
}
