package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.server.testing.NodeLife;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;

/// A cloud in memory that obeys tokens, takes a few looks to attach, and can be told to fail in given ways.
final class SimulatedCloud implements Cloud {

    /// What goes wrong with one call: before it is done, or after it was done.
    enum Fault {
        THROTTLED,
        LOST_BEFORE,
        LOST_AFTER,
        TOKEN_BURNT,
        VSWITCH_EXHAUSTED,
        LIMIT_REACHED,
        NOT_FOUND,
        REFUSED
    }

    private static final int LOOKS_TO_ATTACH = 2;

    final Map<EniId, Held> enis = new LinkedHashMap<>();
    final List<String> calls = new ArrayList<>();
    final Map<String, Queue<Fault>> faults = new LinkedHashMap<>();
    private final Map<String, Object> tokens = new LinkedHashMap<>();
    private int next = 10;
    private int attaching;
    int mostAttachingAtOnce;
    final Set<VSwitchId> unknownVSwitches = new HashSet<>();
    boolean attachFallsBack;

    static final class Held {
        final List<IpAddress> addresses = new ArrayList<>();
        EniState state = EniState.AVAILABLE;
        Optional<InstanceId> instance = Optional.empty();
        int index;
        int looks;
    }

    synchronized void fail(String action, Fault... with) {
        faults.computeIfAbsent(action, ignored -> new ArrayDeque<>()).addAll(List.of(with));
    }

    synchronized long count(String action) {
        return calls.stream().filter(call -> call.startsWith(action)).count();
    }

    private synchronized <T> Answer<T> call(String action, String what, Supplier<Answer<T>> effect) {
        calls.add(action + " " + what);
        var queue = faults.get(action);
        var fault = queue == null ? null : queue.poll();
        if (fault == null) {
            return effect.get();
        }
        return switch (fault) {
            case THROTTLED -> no(Trouble.THROTTLED, "Throttling.User");
            case LOST_BEFORE -> no(Trouble.UNKNOWN_OUTCOME, "SDK.ServerUnreachable");
            case LOST_AFTER -> {
                effect.get();
                yield no(Trouble.UNKNOWN_OUTCOME, "SDK.ReadTimeout");
            }
            case TOKEN_BURNT -> no(Trouble.TOKEN_BURNT, "IdempotentFailed");
            case VSWITCH_EXHAUSTED -> no(Trouble.VSWITCH_EXHAUSTED, "InvalidVSwitchId.IpNotEnough");
            case LIMIT_REACHED -> no(Trouble.LIMIT_REACHED, "EniPerInstanceLimitExceeded");
            case NOT_FOUND -> no(Trouble.NOT_FOUND, "InvalidIp.IpUnassigned");
            case REFUSED -> no(Trouble.REFUSED, "Forbidden.RAM");
        };
    }

    private static <T> Answer<T> ok(T value) {
        return new Answer.Ok<>(value, Optional.of("request"));
    }

    private static <T> Answer<T> no(Trouble trouble, String code) {
        return new Answer.No<>(trouble, code, "simulated", Optional.empty());
    }

    @Override
    public Answer<CreatedEni> createEni(CloudIntent.CreateEni intent) {
        return call("create", intent.vSwitch() + " " + intent.token(), () -> {
            var known = tokens.computeIfAbsent(intent.token().value(), ignored -> {
                var id = new EniId("eni-" + next);
                var held = new Held();
                held.addresses.addAll(some(intent.vSwitch(), intent.addresses()));
                enis.put(id, held);
                return new CreatedEni(
                        id,
                        new MacAddress("00:16:3e:00:00:%02x".formatted(next)),
                        held.addresses.getFirst(),
                        held.addresses.subList(1, held.addresses.size()));
            });
            return ok((CreatedEni) known);
        });
    }

    @Override
    public Answer<Done> attachEni(EniId eni, InstanceId instance) {
        return call("attach", eni.value(), () -> {
            var held = enis.get(eni);
            if (held == null) {
                return no(Trouble.NOT_FOUND, "InvalidEniId.NotFound");
            }
            if (held.state != EniState.AVAILABLE) {
                return no(Trouble.CONFLICT, "InvalidOperation.InvalidEniState");
            }
            held.state = EniState.ATTACHING;
            held.instance = Optional.of(instance);
            held.looks = 0;
            attaching++;
            mostAttachingAtOnce = Math.max(mostAttachingAtOnce, attaching);
            return ok(new Done());
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public Answer<List<IpAddress>> assignAddresses(CloudIntent.AssignAddresses intent) {
        return call("assign", intent.eni() + " " + intent.token(), () -> {
            var known = tokens.computeIfAbsent(intent.token().value(), ignored -> {
                var more = some(NodeLife.VSWITCH, intent.count());
                enis.get(intent.eni()).addresses.addAll(more);
                return more;
            });
            return ok((List<IpAddress>) known);
        });
    }

    @Override
    public Answer<Done> unassignAddresses(EniId eni, List<IpAddress> addresses, Instant signedAt) {
        return call("unassign", eni + " " + addresses, () -> {
            enis.get(eni).addresses.removeAll(addresses);
            return ok(new Done());
        });
    }

    @Override
    public Answer<Done> detachEni(EniId eni, InstanceId instance, Instant signedAt) {
        return call("detach", eni.value(), () -> {
            enis.get(eni).state = EniState.AVAILABLE;
            enis.get(eni).instance = Optional.empty();
            return ok(new Done());
        });
    }

    @Override
    public Answer<Done> deleteEni(EniId eni, Instant signedAt) {
        return call(
                "delete",
                eni.value(),
                () -> enis.remove(eni) == null ? no(Trouble.NOT_FOUND, "InvalidEniId.NotFound") : ok(new Done()));
    }

    @Override
    public Answer<Optional<EniSeen>> describeEni(EniId eni) {
        return call(
                "describe",
                eni.value(),
                () -> ok(Optional.ofNullable(enis.get(eni)).map(held -> {
                    if (held.state == EniState.ATTACHING && ++held.looks >= LOOKS_TO_ATTACH) {
                        attaching--;
                        settle(held);
                    }
                    return new EniSeen(held.state, held.instance, held.index, held.addresses);
                })));
    }

    private void settle(Held held) {
        if (attachFallsBack) {
            attachFallsBack = false;
            held.state = EniState.AVAILABLE;
            held.instance = Optional.empty();
        } else {
            held.state = EniState.IN_USE;
            held.index = (int) enis.values().stream()
                    .filter(other -> other.state == EniState.IN_USE)
                    .count();
        }
    }

    @Override
    public Answer<InstanceSeen> describeInstance(InstanceId instance, List<VSwitchId> vSwitches) {
        return call("instance", instance.value(), () -> {
            var capacity = NodeLife.capacity();
            var attached = new ArrayList<>(List.of(new EniId("eni-primary")));
            enis.forEach((id, held) -> {
                if (held.instance.equals(Optional.of(instance))) {
                    attached.add(id);
                }
            });
            return ok(new InstanceSeen(
                    capacity.instanceType(),
                    capacity.zone(),
                    capacity.eniQuantity(),
                    capacity.ipv4PerEni(),
                    capacity.ipv6PerEni(),
                    attached,
                    vSwitches.stream()
                            .filter(id -> !unknownVSwitches.contains(id))
                            .map(NodeLife::vSwitch)
                            .toList()));
        });
    }

    private List<IpAddress> some(VSwitchId vSwitch, int count) {
        var ips = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            ips.add(new IpAddress((vSwitch.equals(NodeLife.VSWITCH) ? "10.0.1." : "10.0.2.") + next++));
        }
        return ips;
    }
}
