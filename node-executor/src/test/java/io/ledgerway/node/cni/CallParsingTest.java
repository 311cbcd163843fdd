package io.ledgerway.node.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a call means, and what its answer looks like.
class CallParsingTest extends SocketTest {

    @Test
    void kubernetesNamesThePodAndItsSettings() throws IOException {
        served.client.call(
                ServedSocket.environment("ADD"),
                "{\"cniVersion\":\"0.4.0\",\"name\":\"pods\",\"dns\":{\"nameservers\":[\"10.0.0.10\"]},"
                        + "\"capabilities\":{\"portMappings\":true}}");

        CniCall.Add add = (CniCall.Add) served.handler.calls.getFirst();
        assertEquals(
                new PodIdentity("uid-1", "shop", "cart-0", true),
                add.attachment().pod());
        assertEquals("c1", add.attachment().containerId());
        assertEquals("/netns/c1", add.netns());
        assertEquals(List.of("10.0.0.10"), add.network().dns().nameservers());
        assertTrue(add.remaining().toSeconds() > 60);
    }

    @Test
    void dnsOfThePodGoesBeforeThatOfTheNetworkAndAskingForNothingIsNoRequest() throws IOException {
        String configuration = "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"dns\":{\"nameservers\":[\"10.0.0.10\"]},"
                + "\"runtimeConfig\":{\"dns\":{\"servers\":[\"10.0.0.53\"],\"searches\":[\"shop.svc\"],\"options\":[\"ndots:5\"]},"
                + "\"portMappings\":[],\"bandwidth\":{\"ingressRate\":0,\"egressRate\":0},\"ips\":null,\"cgroupPath\":\"/a\"}}";

        assertEquals(
                0,
                served.client
                        .call(ServedSocket.environment("ADD"), configuration)
                        .exitStatus());

        CniCall.Add add = (CniCall.Add) served.handler.calls.getFirst();
        assertEquals(
                new Dns(List.of("10.0.0.53"), "", List.of("shop.svc"), List.of("ndots:5")),
                add.network().dns());
    }

    @Test
    void delOfAPodWhoseRequestWasRefusedSucceeds() throws IOException {
        String configuration = ServedSocket.CONFIGURATION.replace(
                "}", ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80}]}}");

        assertEquals(
                0,
                served.client
                        .call(ServedSocket.environment("DEL"), configuration)
                        .exitStatus());
    }

    @Test
    void plainClientGetsAnIdentityThatItsNextCallHasToo() throws IOException {
        Map<String, String> plain = ServedSocket.environment("ADD");
        plain.remove("CNI_ARGS");
        served.client.call(plain, ServedSocket.CONFIGURATION);
        plain.put("CNI_COMMAND", "DEL");
        served.client.call(plain, ServedSocket.CONFIGURATION);

        CniCall.Add add = (CniCall.Add) served.handler.calls.get(0);
        CniCall.Delete delete = (CniCall.Delete) served.handler.calls.get(1);
        assertEquals("container-c1", add.attachment().pod().uid());
        assertEquals(add.attachment(), delete.attachment());
        assertFalse(add.attachment().pod().ofKubernetes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0.3.1 | {"cniVersion":"0.3.1","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"version":"4","interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            0.4.0 | {"cniVersion":"0.4.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"version":"4","interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            1.0.0 | {"cniVersion":"1.0.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01"},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1"}],"ips":[{"interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            1.1.0 | {"cniVersion":"1.1.0","interfaces":[{"name":"lwx","mac":"02:00:00:00:00:01","mtu":1500},{"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/netns/c1","mtu":1500}],"ips":[{"interface":1,"address":"10.0.0.5/32","gateway":"169.254.1.1"}],"routes":[{"dst":"0.0.0.0/0","gw":"169.254.1.1"}],"dns":{"search":["local"]}}
            """)
    void eachVersionGetsItsFormOfTheResult(String version, String expected) throws IOException {
        CniClient.Reply reply = served.client.call(
                ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION.replace("1.0.0", version));

        assertEquals(0, reply.exitStatus(), reply.output());
        assertEquals(expected, reply.output());
    }

    @Test
    void delNeedsNoNamespaceAndAnswersNothing() throws IOException {
        Map<String, String> environment = ServedSocket.environment("DEL");
        environment.put("CNI_NETNS", "");
        CniClient.Reply reply = served.client.call(environment, ServedSocket.CONFIGURATION);

        assertEquals(new CniClient.Reply(0, ""), reply);
        assertEquals(Optional.empty(), ((CniCall.Delete) served.handler.calls.getFirst()).netns());

        environment.put("CNI_NETNS", "/gone");
        assertEquals(
                0, served.client.call(environment, ServedSocket.CONFIGURATION).exitStatus());
    }

    @Test
    void checkComparesThePreviousResultWithWhatThePodHas() throws IOException {
        String result = served.client
                .call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION)
                .output();
        String with = ServedSocket.CONFIGURATION.replace("}", ",\"prevResult\":" + result + "}");

        assertEquals(
                0, served.client.call(ServedSocket.environment("CHECK"), with).exitStatus());
        CniClient.Reply moved =
                served.client.call(ServedSocket.environment("CHECK"), with.replace("10.0.0.5/32", "10.0.0.6/32"));

        assertEquals(1, moved.exitStatus());
        assertTrue(moved.output().contains("address 10.0.0.5/32"), moved.output());
        assertEquals(103, ServedSocket.json(moved).get("code"));
    }

    @Test
    void statusAndGarbageCollectionReachTheHandler() throws IOException {
        String latest = ServedSocket.CONFIGURATION.replace("1.0.0", "1.1.0");
        assertEquals(
                0, served.client.call(Map.of("CNI_COMMAND", "STATUS"), latest).exitStatus());
        String valid =
                latest.replace("}", ",\"cni.dev/valid-attachments\":[{\"containerID\":\"c1\",\"ifname\":\"eth0\"}]}");
        assertEquals(0, served.client.call(Map.of("CNI_COMMAND", "GC"), valid).exitStatus());

        CniCall.GarbageCollection collection = (CniCall.GarbageCollection) served.handler.calls.get(1);
        assertEquals(List.of(new CniCall.ValidAttachment("c1", "eth0")), collection.valid());
    }

    @Test
    void versionIsAnsweredWithoutConfiguration() throws IOException {
        assertEquals(
                "{\"cniVersion\":\"1.1.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}",
                served.client.call(Map.of("CNI_COMMAND", "VERSION"), "").output());
    }

    @Test
    void refusalAndFailureOfTheHandlerBecomeErrors() throws IOException {
        served.handler.behaviour = () -> {
            throw new CniException(CniErrorCode.TRY_AGAIN_LATER, "no address is free; wait", "pool empty", null);
        };
        Map<String, Object> refusal =
                ServedSocket.json(served.client.call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION));
        assertEquals(11, refusal.get("code"));
        assertEquals("pool empty", refusal.get("details"));
        assertEquals("1.0.0", refusal.get("cniVersion"));

        served.handler.behaviour = () -> {
            throw new IllegalStateException("broken");
        };
        assertEquals(
                100,
                ServedSocket.json(served.client.call(ServedSocket.environment("ADD"), ServedSocket.CONFIGURATION))
                        .get("code"));
    }
}
