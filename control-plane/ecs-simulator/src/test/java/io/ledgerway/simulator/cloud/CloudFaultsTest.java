package io.ledgerway.simulator.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.simulator.Fabric;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudFaultsTest {

    @Test
    void aHangingDetachGoesOnWhenIssuedAgain() {
        var drive = Drive.instant();
        String eni = drive.attached();
        drive.order(Fault.once("DetachNetworkInterface", Fault.Kind.STUCK));
        drive.ok("DetachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
        drive.pass(Duration.ofHours(1));
        assertEquals("Detaching", drive.status(eni));
        drive.ok("DetachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
        drive.pass(Duration.ZERO);
        assertEquals("Available", drive.status(eni));
    }

    @Test
    void anAcceptedAttachMayEndInAvailable() {
        var drive = Drive.instant();
        drive.order(Fault.once("AttachNetworkInterface", Fault.Kind.FAIL_LATER));
        assertEquals("Available", drive.status(drive.attached()));
    }

    @Test
    void callsBeyondTheMinuteAreThrottledUntilTheNextOne() {
        var drive = Drive.instant();
        for (int i = 0; i < Throttle.perMinute("DescribeVSwitches"); i++) {
            drive.ok("DescribeVSwitches");
        }
        assertEquals("400 Throttling", drive.refusal("DescribeVSwitches"));
        drive.ok("DescribeInstances");
        drive.pass(Duration.ofMinutes(1));
        drive.ok("DescribeVSwitches");
    }

    @Test
    void aRefusalBurnsNoTokenAndAnInternalErrorDoes() {
        var drive = Drive.instant();
        var asked = new String[] {"VSwitchId", Drive.VSWITCH, "SecurityGroupIds.1", Drive.GROUP, "ClientToken", "t-1"};
        drive.order(Fault.reject("CreateNetworkInterface", 500, "ServiceUnavailable"));
        assertEquals("500 ServiceUnavailable", drive.refusal("CreateNetworkInterface", asked));
        drive.order(Fault.once("CreateNetworkInterface", Fault.Kind.BURN_TOKEN));
        assertEquals("500 InternalError", drive.refusal("CreateNetworkInterface", asked));
        assertEquals("403 IdempotentFailed", drive.refusal("CreateNetworkInterface", asked));
        assertEquals("403 IdempotentFailed", drive.refusal("CreateNetworkInterface", asked));
        assertEquals(1, drive.state.interfaces().size());
    }

    @Test
    void anAnswerMayGetLostAfterTheChange() {
        var drive = Drive.instant();
        drive.order(Fault.once("CreateNetworkInterface", Fault.Kind.DROP));
        var reply = drive.reply("CreateNetworkInterface", "VSwitchId", Drive.VSWITCH, "SecurityGroupId", Drive.GROUP);
        assertEquals(Reply.Delivery.DROPPED, reply.delivery());
        assertInstanceOf(Answer.Success.class, reply.answer());
        assertEquals(2, drive.state.interfaces().size());
    }

    @Test
    void describeMayShowWhatWas() {
        var quirks = new Quirks(Duration.ofSeconds(2), null, null, 0, 0, 0, 0, 0);
        var settings = new CloudSettings("cn-hangzhou", Latencies.none(), quirks, 0, CloudSettings.TOKEN_LIFE, 100);
        var drive = new Drive(settings, Fabric.none(), 1);
        drive.pass(Duration.ofSeconds(3));
        String eni = drive.create();
        assertEquals(1, listed(drive).size());
        drive.pass(Duration.ofSeconds(2));
        assertEquals(2, listed(drive).size());
        drive.ok("DeleteNetworkInterface", "NetworkInterfaceId", eni);
        drive.cloud.settle();
        assertEquals(2, listed(drive).size());
        drive.pass(Duration.ofSeconds(2));
        assertEquals(1, listed(drive).size());
    }

    private static List<Map<String, Object>> listed(Drive drive) {
        return items(drive.ok("DescribeNetworkInterfaces"), "NetworkInterfaceSets", "NetworkInterfaceSet");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> items(Map<String, Object> body, String plural, String singular) {
        return (List<Map<String, Object>>) ((Map<String, Object>) body.get(plural)).get(singular);
    }
}
