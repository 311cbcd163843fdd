package io.ledgerway.simulation.seeded.world;

import io.ledgerway.simulator.cloud.Fault.Kind;
import java.time.Duration;
import java.util.List;

/// Makes faults happen, and ends them.
final class FaultStrikes {

    private static final Duration LONGEST_DOWN = Duration.ofSeconds(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration ON_THEIR_WAY = Duration.ofMillis(3);
    static final Duration BACK = Duration.ofMillis(20);
    private static final int TROUBLES_OF_THE_CLOUD = 3;

    /// A node that is connected is looked at so often.
    private static final Duration SEEN = Replica.RHYTHM.everyone().multipliedBy(2);

    private final World world;

    FaultStrikes(World world) {
        this.world = world;
    }

    void strike(Fault fault) {
        world.trace(() -> "FAULT " + fault);
        var host = world.hosts().get(fault.target() % world.hosts().size());
        var replica = world.replicas().get(fault.target() % world.replicas().size());
        switch (fault.kind()) {
            case EXECUTOR_KILLED -> {
                host.killExecutor();
                later(shorter(fault), host::startExecutor);
            }
            case EXECUTOR_STOPPED -> {
                if (host.isPowered()) {
                    var process = host.executor().process();
                    process.stop();
                    later(fault.lasts(), process::goOn);
                }
            }
            case HOST_REBOOTED -> {
                if (host.isPowered()) {
                    host.powerOff();
                    later(shorter(fault), () -> world.machines().switchOn(host));
                }
            }
            case INSTANCE_STOPPED -> {
                if (host.isPowered()) {
                    world.machines().stop(host);
                    later(fault.lasts(), () -> world.machines().switchOn(host));
                }
            }
            case DISK_EXCHANGED -> {
                host.killExecutor();
                host.disk().exchange();
                later(shorter(fault), host::startExecutor);
            }
            case DISK_FULL -> {
                host.disk().full(true);
                later(fault.lasts(), () -> host.disk().full(false));
            }
            case NODE_REPLACED -> {
                world.machines().replace(host, shorter(fault), fault.target() % 3 == 0);
            }
            case HOST_CUT_OFF -> {
                withPodsOnTheirWay(fault, List.of(host), () -> host.cutOff(true));
                later(fault.lasts().plus(ON_THEIR_WAY), () -> host.cutOff(false));
            }
            case REPLICA_KILLED -> {
                replica.kill();
                later(shorter(fault), () -> world.start(replica));
            }
            case REPLICA_STOPPED -> {
                var process = replica.process();
                process.stop();
                later(fault.lasts(), () -> {
                    process.goOn();
                    if (fault.target() % 2 == 0) {
                        // It takes itself for the owner still, and is there again for everybody.
                        later(BACK, () -> world.hosts().forEach(each -> each.sendTo(replica)));
                    }
                });
            }
            case TWO_OWNERS -> replica.want(true);
            case LOG_AWAY -> {
                withPodsOnTheirWay(fault, world.hosts(), () -> world.log().reachable(false));
                later(fault.lasts().plus(ON_THEIR_WAY), () -> world.log().reachable(true));
            }
            case CLOCK_JUMPED -> {
                boolean back = fault.target() / 2 % 2 == 0;
                var clock = fault.target() % 2 == 0 ? host.clock() : replica.clock();
                clock.jump(back ? HOUR.negated() : HOUR);
                later(fault.lasts(), clock::putRight);
            }
            case CLOUD_REFUSES -> order(fault, Kind.REJECT);
            case CLOUD_BURNS_TOKEN -> order(fault, Kind.BURN_TOKEN);
            case CLOUD_THROTTLES -> {
                world.cloud().operate(operator -> {
                    operator.throttle(0.001);
                    return null;
                });
                later(
                        fault.lasts(),
                        () -> world.cloud().operate(operator -> {
                            operator.throttle(1);
                            return null;
                        }));
            }
            case CLOUD_HOLDS -> order(fault, Kind.HOLD);
            case CLOUD_HIDES -> hide(fault, host);
        }
    }

    /// One instance from one look, or all of them for a while.
    private void hide(Fault fault, Host host) {
        var hidden = world.machines().hidden();
        if (fault.target() % 2 == 0) {
            hidden.hide(host.incarnation().instance());
        } else {
            world.hosts()
                    .forEach(each -> hidden.showStopped(
                            each.incarnation().instance(), fault.lasts().plus(SEEN)));
        }
    }

    private void order(Fault fault, Kind kind) {
        world.cloud().operate(operator -> {
            operator.order(new io.ledgerway.simulator.cloud.Fault(
                    "*", kind, 0, 1 + fault.target() % TROUBLES_OF_THE_CLOUD, 500, null, null, fault.lasts()));
            return null;
        });
    }

    /// Pods come just before, so that their calls have no answer.
    private void withPodsOnTheirWay(Fault fault, List<Host> hosts, Runnable strike) {
        if (fault.target() % 2 == 0 && !world.isHealing()) {
            hosts.forEach(world.workload()::burst);
            later(ON_THEIR_WAY, () -> {
                if (!world.isHealing()) {
                    strike.run();
                }
            });
        } else {
            strike.run();
        }
    }

    private static Duration shorter(Fault fault) {
        return fault.lasts().compareTo(LONGEST_DOWN) < 0 ? fault.lasts() : LONGEST_DOWN;
    }

    private void later(Duration time, Runnable end) {
        world.outside().in(time, end);
    }
}
