package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every verb in every version through the library that runtimes use: what it accepts, they accept.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LibcniTest {

    @TempDir
    Path directory;

    private final TestNetwork network = new TestNetwork(1);
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private Endpoints endpoints;
    private CniServer server;

    @BeforeAll
    static void build() throws Exception {
        Libcni.build();
    }

    @BeforeEach
    void start() throws IOException {
        var listener = new EndpointListener() {
            @Override
            public void gone(EndpointKey key, String sandbox) {
                gone.add(key.podUid() + " in " + sandbox);
            }

            @Override
            public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                gone.add(cause.toString());
            }
        };
        endpoints = new Endpoints(
                new KernelThreads(NetNs.open(network.node().pathOfDescriptor())), new VethDriver(), listener);
        endpoints.prepareNode();
        server = CniServer.start(
                new CniServer.Settings(directory.resolve("cni.sock"), Optional.of("pods"), endpoints::netnsProblem),
                new SelfTestHandler(endpoints, network.eni(1).mac(), TestNetwork.MTU));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        endpoints.close();
        network.close();
    }

    private void conflist(String version, String more) throws IOException {
        Files.writeString(
                directory.resolve("conflist"),
                "{\"cniVersion\":\"" + version + "\",\"name\":\"pods\",\"plugins\":[{\"type\":\"ledgerway-cni\"," + more
                        + "\"dns\":{\"nameservers\":[\"10.0.0.10\"],\"domain\":\"cluster.local\"}}]}");
    }

    private Relay.Ended call(String verb, String container, String... settings) {
        var all = new LinkedHashMap<>(Map.of(
                "JUDGE_CONFLIST", directory.resolve("conflist").toString(),
                "JUDGE_CACHE", directory.resolve("cache").toString(),
                "JUDGE_CONTAINER", container,
                "JUDGE_NETNS", network.pod(container).pathOfDescriptor(),
                "JUDGE_ARGS",
                        "IgnoreUnknown=1;K8S_POD_NAMESPACE=n;K8S_POD_NAME=a;K8S_POD_INFRA_CONTAINER_ID=" + container
                                + ";K8S_POD_UID=uid-" + container));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return Libcni.call(verb, server.socket(), all);
    }

    private static void assertSays(String part, Relay.Ended ended) {
        assertTrue(ended.output().contains(part), part + " is not in " + ended.output());
    }

    private static Relay.Ended succeeded(Relay.Ended ended) {
        assertEquals(0, ended.exitStatus(), ended.output());
        return ended;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.1", "0.4.0", "1.0.0", "1.1.0"})
    void resultOfEachVersionIsReadAndMeansTheSame(String version) throws Exception {
        conflist(version, "");

        var added = succeeded(call("ADD", "a"));

        assertSays("\"version\":\"" + version + "\"", added);
        // What the library made of it for its newest type: the pod's link is the second, and has address, gateway and
        // default route; DNS is what the list says.
        var newest = added.output()
                .substring(added.output().indexOf("\"newest\":"), added.output().indexOf("\"result\":"));
        assertTrue(newest.matches(".*\"interfaces\":\\[\\{[^}]*},\\{[^}]*\"name\":\"eth0\"[^}]*}].*"), newest);
        assertTrue(newest.matches(".*\"sandbox\":\"/proc/[^\"]*\".*"), newest);
        assertTrue(newest.contains("\"interface\":1"), newest);
        assertTrue(newest.matches(".*\"address\":\"198\\.51\\.100\\.[0-9]+/32\".*"), newest);
        assertTrue(newest.contains("\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"169.254.1.1\"}]"), newest);
        assertTrue(newest.contains("\"dns\":{\"domain\":\"cluster.local\",\"nameservers\":[\"10.0.0.10\"]}"), newest);
        assertEquals(version.equals("1.1.0"), newest.contains("\"mtu\":" + TestNetwork.MTU), newest);

        if (version.equals("0.3.1")) {
            assertSays("does not support the CHECK command", call("CHECK", "a"));
        } else {
            succeeded(call("CHECK", "a"));
        }
        succeeded(call("DEL", "a"));
        assertEquals("uid-a in a", gone.poll(10, TimeUnit.SECONDS));
        succeeded(call("DEL", "a", "JUDGE_NETNS", ""));
        assertFalse(network.podDump("a").contains("eth0"));
    }

    @Test
    void checkFailsWhereTheKernelIsNotAsAddLeftIt() throws Exception {
        conflist("1.0.0", "");
        succeeded(call("ADD", "a"));
        TestNetwork.run(network.pod("a"), "ip", "address", "flush", "dev", "eth0");

        var checked = call("CHECK", "a");

        assertEquals(1, checked.exitStatus());
        assertSays("\"code\":103", checked);
    }

    @Test
    void statusAndGarbageCollectionOfTheNewestVersion() throws Exception {
        conflist("1.1.0", "");
        succeeded(call("STATUS", "a"));
        succeeded(call("ADD", "a"));
        succeeded(call("ADD", "b"));

        // The library sends a DEL for what it knows and the runtime does not name, then GC.
        succeeded(call("GC", "a", "JUDGE_VALID", "a"));

        assertEquals("uid-b in b", gone.poll(10, TimeUnit.SECONDS));
        succeeded(call("CHECK", "a"));
    }

    @Test
    void versionsAreThoseThatAreSpoken() {
        assertEquals(
                "[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]",
                call("VERSION", "a").output());
    }

    @Test
    void versionThatIsNotSpokenIsRefused() throws Exception {
        conflist("0.2.0", "");

        var refused = call("ADD", "a");

        assertEquals(1, refused.exitStatus());
        assertSays("\"code\":1,", refused);
        assertSays("CNI version 0.2.0 is not spoken here", refused);
    }

    @Test
    void capabilityArgumentsAreHonouredOrRefusedByName() throws Exception {
        conflist("1.0.0", "\"capabilities\":{\"dns\":true,\"portMappings\":true,\"bandwidth\":true},");

        var named = succeeded(call(
                "ADD",
                "a",
                "JUDGE_CAPABILITIES",
                "{\"dns\":{\"servers\":[\"10.0.0.53\"],\"searches\":[\"n.svc\"]},\"portMappings\":[]}"));

        assertSays("\"dns\":{\"nameservers\":[\"10.0.0.53\"],\"search\":[\"n.svc\"]}", named);
        var port =
                call("ADD", "b", "JUDGE_CAPABILITIES", "{\"portMappings\":[{\"hostPort\":80,\"containerPort\":80}]}");
        assertEquals(1, port.exitStatus());
        assertSays("portMappings", port);
        assertSays("\"code\":7", port);
        var rate =
                call("ADD", "b", "JUDGE_CAPABILITIES", "{\"bandwidth\":{\"ingressRate\":1000,\"ingressBurst\":1000}}");
        assertSays("bandwidth (", rate);
        assertFalse(network.podDump("b").contains("eth0"));
    }

    @Test
    void withoutAnExecutorTheRuntimeIsToldToTryAgain() throws Exception {
        conflist("1.0.0", "");
        server.close();

        var refused = call("ADD", "a");

        assertEquals(1, refused.exitStatus());
        assertSays("\"code\":11,", refused);
        server = CniServer.start(
                new CniServer.Settings(directory.resolve("cni.sock"), Optional.of("pods"), endpoints::netnsProblem),
                new SelfTestHandler(endpoints, network.eni(1).mac(), TestNetwork.MTU));
        succeeded(call("ADD", "a"));
    }
}
