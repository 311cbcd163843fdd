package io.ledgerway.simulator.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CloudTest {

    @Test
    void attachAndDetachTakeTheirTime() {
        var drive = Drive.realistic();
        String eni = drive.create();
        assertEquals("Available", drive.status(eni));

        drive.ok("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
        drive.pass(Duration.ofSeconds(2));
        assertEquals("Attaching", drive.status(eni));
        drive.pass(Duration.ofSeconds(60));
        assertEquals("InUse", drive.status(eni));

        drive.ok("DetachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
        assertEquals("Detaching", drive.status(eni));
        drive.pass(Duration.ofSeconds(60));
        assertEquals("Available", drive.status(eni));

        drive.ok("DeleteNetworkInterface", "NetworkInterfaceId", eni);
        assertEquals("Deleting", drive.status(eni));
        drive.pass(Duration.ofSeconds(60));
        assertEquals("gone", drive.status(eni));
    }

    @Test
    void everyActionIsRefusedInTheWrongState() {
        var wrongState = "400 InvalidOperation.InvalidEniState";
        // State reached, action, what comes: null where it is accepted.
        record Row(String state, String action, String refusal) {}
        var rows = List.of(
                new Row("Available", "AttachNetworkInterface", null),
                new Row("Available", "DetachNetworkInterface", wrongState),
                new Row("Available", "DeleteNetworkInterface", null),
                new Row("Available", "AssignPrivateIpAddresses", null),
                new Row("Attaching", "AttachNetworkInterface", wrongState),
                new Row("Attaching", "DetachNetworkInterface", wrongState),
                new Row("Attaching", "DeleteNetworkInterface", wrongState),
                new Row("Attaching", "AssignPrivateIpAddresses", wrongState),
                new Row("InUse", "AttachNetworkInterface", wrongState),
                new Row("InUse", "DetachNetworkInterface", null),
                new Row("InUse", "DeleteNetworkInterface", wrongState),
                new Row("InUse", "AssignPrivateIpAddresses", null),
                new Row("Detaching", "AttachNetworkInterface", wrongState),
                new Row("Detaching", "DetachNetworkInterface", null),
                new Row("Detaching", "DeleteNetworkInterface", wrongState),
                new Row("Detaching", "AssignPrivateIpAddresses", wrongState),
                new Row("Deleting", "AttachNetworkInterface", wrongState),
                new Row("Deleting", "DetachNetworkInterface", wrongState),
                new Row("Deleting", "DeleteNetworkInterface", null),
                new Row("Deleting", "AssignPrivateIpAddresses", wrongState));
        for (var row : rows) {
            var drive = Drive.realistic();
            String eni = in(drive, row.state);
            assertEquals(row.state, drive.status(eni));
            String[] pairs = row.action.equals("AssignPrivateIpAddresses")
                    ? new String[] {"NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "1"}
                    : new String[] {"NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE};
            if (row.refusal == null) {
                drive.ok(row.action, pairs);
            } else {
                assertEquals(row.refusal, drive.refusal(row.action, pairs), row.toString());
            }
        }
    }

    private static String in(Drive drive, String state) {
        String eni = drive.create();
        drive.pass(Duration.ofSeconds(60));
        if (state.equals("Deleting")) {
            drive.ok("DeleteNetworkInterface", "NetworkInterfaceId", eni);
        } else if (!state.equals("Available")) {
            drive.ok("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
            if (!state.equals("Attaching")) {
                drive.pass(Duration.ofSeconds(60));
            }
            if (state.equals("Detaching")) {
                drive.ok("DetachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
            }
        }
        return eni;
    }

    @Test
    void quotasOfTheInstanceTypeHold() {
        var drive = Drive.instant();
        // ecs.g7.large: three interfaces with six addresses each, the primary ones included.
        String eni = drive.attached("VSwitchId", "vsw-big");
        drive.attached("VSwitchId", "vsw-big");
        String third = drive.create("VSwitchId", "vsw-big");
        assertEquals(
                "403 EniPerInstanceLimitExceeded",
                drive.refusal("AttachNetworkInterface", "NetworkInterfaceId", third, "InstanceId", Drive.INSTANCE));

        drive.ok("AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "5");
        assertEquals(
                "403 InvalidOperation.Ipv4CountExceeded",
                drive.refusal(
                        "AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "1"));
    }

    @Test
    void anInterfaceWithMoreAddressesThanTheTypeAllowsIsNotAttached() {
        var drive = Drive.instant();
        String eni = drive.create("VSwitchId", "vsw-big", "SecondaryPrivateIpAddressCount", "6");
        assertEquals(
                "403 InvalidOperation.Ipv4CountExceeded",
                drive.refusal("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE));
    }

    @Test
    void aVSwitchGivesEachAddressOnceAndKeepsTheReservedOnes() {
        var drive = Drive.instant();
        // A /28 has 16 addresses, 4 reserved; the instance's primary interface holds one.
        var body = drive.created("SecondaryPrivateIpAddressCount", "10");
        var held = new HashSet<>(addresses(body));
        assertEquals(11, held.size());
        for (String reserved : List.of("10.1.0.0", "10.1.0.13", "10.1.0.14", "10.1.0.15")) {
            assertFalse(held.contains(reserved), reserved);
            assertEquals(
                    "403 InvalidVSwitchId.IpInvalid",
                    drive.refusal(
                            "AssignPrivateIpAddresses",
                            "NetworkInterfaceId",
                            id(body),
                            "PrivateIpAddress.1",
                            reserved));
        }
        assertEquals(
                "403 InvalidVSwitchId.IpNotEnough",
                drive.refusal(
                        "AssignPrivateIpAddresses",
                        "NetworkInterfaceId",
                        id(body),
                        "SecondaryPrivateIpAddressCount",
                        "1"));
        drive.ok("UnassignPrivateIpAddresses", "NetworkInterfaceId", id(body), "PrivateIpAddress.1", "10.1.0.7");
        drive.ok("AssignPrivateIpAddresses", "NetworkInterfaceId", id(body), "PrivateIpAddress.1", "10.1.0.7");
    }

    @Test
    void anAddressIsUnassignedAllOrNothingAndNeverThePrimaryOne() {
        var drive = Drive.instant();
        var body = drive.created("SecondaryPrivateIpAddressCount", "2");
        var held = addresses(body);
        assertEquals(
                "403 InvalidIp.IpUnassigned",
                drive.refusal(
                        "UnassignPrivateIpAddresses",
                        "NetworkInterfaceId",
                        id(body),
                        "PrivateIpAddress.1",
                        held.get(1),
                        "PrivateIpAddress.2",
                        held.get(0)));
        assertEquals(held, drive.state.networkInterface(id(body)).orElseThrow().addresses());
    }

    @Test
    void oneTokenMakesOneInterface() {
        var drive = Drive.realistic();
        var first = drive.created("ClientToken", "t-1");
        assertEquals(
                "403 IdempotentProcessing",
                drive.refusal(
                        "CreateNetworkInterface",
                        "VSwitchId",
                        Drive.VSWITCH,
                        "SecurityGroupIds.1",
                        Drive.GROUP,
                        "ClientToken",
                        "t-1"));
        drive.pass(Duration.ofSeconds(60));
        assertEquals(first, drive.created("ClientToken", "t-1"));
        assertEquals(
                "400 IdempotentParameterMismatch",
                drive.refusal(
                        "CreateNetworkInterface",
                        "VSwitchId",
                        "vsw-far",
                        "SecurityGroupIds.1",
                        Drive.GROUP,
                        "ClientToken",
                        "t-1"));
        assertNotEquals(id(first), id(drive.created("ClientToken", "t-2")));
        drive.pass(CloudSettings.TOKEN_LIFE);
        assertNotEquals(id(first), id(drive.created("ClientToken", "t-1")));
    }

    @Test
    void twoChangesOfOneInterfaceAtOnceConflict() {
        var drive = Drive.realistic();
        String eni = drive.create();
        drive.pass(Duration.ofSeconds(60));
        drive.ok("AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "1");
        assertEquals(
                "403 Operation.Conflict",
                drive.refusal(
                        "AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "1"));
    }

    @Test
    void aSixthAttachAtOnceConflicts() {
        var drive = Drive.realistic();
        drive.cloud.operate(operator -> operator.createInstance(
                "i-big", "i-big", "ecs.g7.32xlarge", "vsw-big", List.of(Drive.GROUP), Optional.empty()));
        for (int i = 0; i < 5; i++) {
            String eni = drive.create("VSwitchId", "vsw-big");
            drive.ok("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", "i-big");
        }
        String sixth = drive.create("VSwitchId", "vsw-big");
        assertEquals(
                "409 OperationConflict",
                drive.refusal("AttachNetworkInterface", "NetworkInterfaceId", sixth, "InstanceId", "i-big"));
    }

    @Test
    void anInterfaceOfAnotherZoneIsNotAttached() {
        var drive = Drive.instant();
        String eni = drive.create("VSwitchId", "vsw-far");
        assertEquals(
                "403 InvalidOperation.AvailabilityZoneMismatch",
                drive.refusal("AttachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE));
    }

    @Test
    void releasingAnInstanceTakesOnlyWhatGoesWithIt() {
        var drive = Drive.instant();
        String goes = drive.attached();
        String stays = drive.attached("DeleteOnRelease", "false");
        drive.cloud.operate(operator -> {
            operator.release(Drive.INSTANCE);
            return null;
        });
        assertEquals("gone", drive.status(goes));
        assertEquals("Available", drive.status(stays));
        assertEquals(1, drive.state.interfaces().size());
    }

    @Test
    void bothWaysOfPagingShowEverythingOnce() {
        var drive = Drive.instant();
        for (int i = 0; i < 24; i++) {
            drive.create("VSwitchId", "vsw-big");
        }
        var byToken = new ArrayList<String>();
        String next = "";
        do {
            var page = drive.ok("DescribeNetworkInterfaces", "MaxResults", "10", "NextToken", next);
            items(page, "NetworkInterfaceSets", "NetworkInterfaceSet").forEach(eni -> byToken.add(id(eni)));
            next = page.get("NextToken").toString();
        } while (!next.isEmpty());
        var byNumber = new ArrayList<String>();
        for (int number = 1; byNumber.size() < 25; number++) {
            var page = drive.ok("DescribeNetworkInterfaces", "PageNumber", String.valueOf(number), "PageSize", "10");
            assertEquals(25, page.get("TotalCount"));
            items(page, "NetworkInterfaceSets", "NetworkInterfaceSet").forEach(eni -> byNumber.add(id(eni)));
        }
        assertEquals(25, Set.copyOf(byToken).size());
        assertEquals(byToken, byNumber);
    }

    @Test
    void whatTheNetworkRefusesIsNotAttached() {
        var fabric = new Recording();
        var drive = new Drive(CloudSettings.of("cn-hangzhou", Latencies.none()), fabric, 1);
        String eni = drive.attached("SecondaryPrivateIpAddressCount", "1");
        drive.ok("AssignPrivateIpAddresses", "NetworkInterfaceId", eni, "SecondaryPrivateIpAddressCount", "1");
        drive.ok("DetachNetworkInterface", "NetworkInterfaceId", eni, "InstanceId", Drive.INSTANCE);
        drive.cloud.settle();
        assertEquals(
                List.of("plugged " + eni + " 2", "addresses " + eni + " 3", "unplugged " + eni + " 3"),
                fabric.told.subList(fabric.told.size() - 3, fabric.told.size()));

        fabric.broken = true;
        assertEquals("Available", drive.status(drive.attached()));
    }

    @Test
    void sameSeedSameHistory() {
        assertEquals(history(7), history(7));
        assertNotEquals(history(7), history(8));
    }

    private static List<Change> history(long seed) {
        var drive = new Drive(CloudSettings.of("cn-hangzhou", Latencies.realistic(1)), Fabric.none(), seed);
        for (int i = 0; i < 2; i++) {
            drive.attached("ClientToken", "t-" + i);
            drive.pass(Duration.ofSeconds(3));
        }
        return drive.changes;
    }

    @Test
    void changesRebuildTheState() {
        var drive = Drive.instant();
        String eni = drive.attached("SecondaryPrivateIpAddressCount", "2", "ClientToken", "t-1");
        drive.ok("DeleteNetworkInterface", "NetworkInterfaceId", drive.create());
        drive.cloud.settle();
        var rebuilt = new CloudState();
        drive.changes.forEach(rebuilt::restore);
        assertEquals(drive.state.snapshot(), rebuilt.snapshot());
        assertEquals(
                drive.state.freeCount(drive.state.vSwitch(Drive.VSWITCH).orElseThrow()),
                rebuilt.freeCount(rebuilt.vSwitch(Drive.VSWITCH).orElseThrow()));
        assertTrue(rebuilt.networkInterface(eni).isPresent());
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> items(Map<String, Object> body, String plural, String singular) {
        return (List<Map<String, Object>>) ((Map<String, Object>) body.get(plural)).get(singular);
    }

    private static List<String> addresses(Map<String, Object> eni) {
        return items(eni, "PrivateIpSets", "PrivateIpSet").stream()
                .map(set -> set.get("PrivateIpAddress").toString())
                .toList();
    }

    private static String id(Map<String, Object> eni) {
        return eni.get("NetworkInterfaceId").toString();
    }

    private static final class Recording implements Fabric {
        private final List<String> told = new ArrayList<>();
        private boolean broken;

        @Override
        public void vSwitchCreated(VSwitchView vSwitch) {}

        @Override
        public void instanceCreated(InstanceView instance) {}

        @Override
        public void instanceReleased(InstanceView instance) {}

        @Override
        public void plugged(NetworkInterfaceView eni) {
            if (broken) {
                throw new IllegalStateException("no such namespace");
            }
            tell("plugged", eni);
        }

        @Override
        public void unplugged(NetworkInterfaceView eni) {
            tell("unplugged", eni);
        }

        @Override
        public void addressesChanged(NetworkInterfaceView eni) {
            tell("addresses", eni);
        }

        private void tell(String what, NetworkInterfaceView eni) {
            told.add(what + " " + eni.id() + " " + eni.addresses().size());
        }
    }
}
