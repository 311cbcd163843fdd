package io.ledgerway.node.cni;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls that cannot be meant are refused with a code and a sentence, and reach nobody.
class WrongCallsTest extends SocketTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ADD   | CNI_CONTAINERID |                   | 4 | CNI_CONTAINERID not set
            ADD   | CNI_NETNS       |                   | 4 | CNI_NETNS not set
            ADD   | CNI_IFNAME      |                   | 4 | CNI_IFNAME not set
            DEL   | CNI_CONTAINERID |                   | 4 | CNI_CONTAINERID not set
            DEL   | CNI_IFNAME      |                   | 4 | CNI_IFNAME not set
            CHECK | CNI_NETNS       |                   | 4 | CNI_NETNS not set
            ADD   | CNI_COMMAND     |                   | 4 | CNI_COMMAND is not set
            ADD   | CNI_COMMAND     | FROB              | 4 | CNI_COMMAND "FROB" is unknown
            ADD   | CNI_NETNS       | /etc/passwd       | 4 | must be the path of the pod's network namespace
            ADD   | CNI_IFNAME      | a/b               | 4 | CNI_IFNAME "a/b" is malformed
            ADD   | CNI_IFNAME      | ..                | 4 | CNI_IFNAME ".." is malformed
            ADD   | CNI_IFNAME      | sixteenletters16  | 4 | is malformed
            ADD   | CNI_CONTAINERID | ../../etc         | 4 | CNI_CONTAINERID "../../etc" is malformed
            ADD   | CNI_ARGS        | K8S_POD_UID       | 4 | it must be NAME=value pairs
            ADD   | CNI_ARGS        | K8S_POD_UID=a/b   | 4 | K8S_POD_UID of CNI_ARGS "a/b" is malformed
            """)
    void wrongVariablesAreRefusedByName(String command, String variable, String value, int code, String sentence)
            throws IOException {
        Map<String, String> environment = ServedSocket.environment(command);
        if (value == null) {
            environment.remove(variable);
        } else {
            environment.put(variable, value);
        }

        served.assertRefused(code, sentence, served.client.call(environment, ServedSocket.CONFIGURATION));
    }

    @Test
    void everyMissingVariableIsNamedAtOnce() throws IOException {
        served.assertRefused(
                4,
                "CNI_CONTAINERID, CNI_IFNAME, CNI_NETNS not set",
                served.client.call(Map.of("CNI_COMMAND", "ADD"), ServedSocket.CONFIGURATION));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            ADD   | {                                                              | 6  | not a JSON object
            ADD   | []                                                             | 6  | not a JSON object
            ADD   | nonsense                                                       | 6  | not a JSON object
            ADD   | {"cniVersion":"1.0.0","name":"pods"} x                         | 6  | not a JSON object
            ADD   | {"cniVersion":"1.0.0","name":"pods","name":"pods"}             | 6  | not a JSON object
            ADD   | {"name":"pods"}                                                | 1  | CNI version 0.1.0 is not spoken here; set "cniVersion"
            ADD   | {"cniVersion":"9.9.9","name":"pods"}                           | 1  | to one of 0.3.1, 0.4.0, 1.0.0, 1.1.0
            ADD   | {"cniVersion":"1.0.0"}                                         | 7  | has no "name"
            ADD   | {"cniVersion":"1.0.0","name":"other"}                          | 7  | network "other" is not served by this node; its network is "pods"
            CHECK | {"cniVersion":"0.3.1","name":"pods"}                           | 1  | CHECK does not exist in CNI version 0.3.1
            CHECK | {"cniVersion":"1.0.0","name":"pods"}                           | 7  | CHECK needs "prevResult"
            GC    | {"cniVersion":"1.0.0","name":"pods"}                           | 1  | GC does not exist in CNI version 1.0.0
            GC    | {"cniVersion":"1.1.0","name":"pods"}                           | 7  | GC needs the list
            GC    | {"cniVersion":"1.1.0","name":"pods","cni.dev/valid-attachments":[{"ifname":"eth0"}]} | 7 | lacks "containerID"
            STATUS| {"cniVersion":"1.0.0","name":"pods"}                           | 1  | STATUS does not exist in CNI version 1.0.0
            """)
    void wrongConfigurationIsRefusedWithWhatToDo(String command, String stdin, int code, String sentence)
            throws IOException {
        served.assertRefused(code, sentence, served.client.call(ServedSocket.environment(command), stdin));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}] | portMappings (let the plugin portmap
            "bandwidth":{"ingressRate":1000000,"ingressBurst":1}                     | bandwidth (let the plugin bandwidth
            "ips":["10.0.0.9/24"]                                                    | ips (addresses are allocated by the log)
            "mac":"02:00:00:00:00:09"                                                | mac (the address of the pod's link
            "portMappings":7                                                         | portMappings
            """)
    void whatAPodAsksForAndIsNotMadeIsRefusedByName(String asked, String sentence) throws IOException {
        String configuration = ServedSocket.CONFIGURATION.replace("}", ",\"runtimeConfig\":{" + asked + "}}");
        served.assertRefused(7, sentence, served.client.call(ServedSocket.environment("ADD"), configuration));
    }

    @Test
    void emptyStandardInputAndDeepNestingAreRefused() throws IOException {
        served.assertRefused(6, "not a JSON object", served.client.call(ServedSocket.environment("ADD"), ""));
        served.assertRefused(
                6,
                "not a JSON object",
                served.client.call(ServedSocket.environment("ADD"), "{\"a\":" + "[".repeat(100_000)));
    }
}
