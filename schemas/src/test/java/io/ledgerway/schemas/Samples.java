package io.ledgerway.schemas;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Ids;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.Allocation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Makes values of the domain's records from a seed, so that an event type added later is tested without being listed.
public final class Samples {

    private final Random random;

    public Samples(long seed) {
        random = new Random(seed);
    }

    /// Every event type that the domain's sealed families permit.
    public static List<Class<?>> eventTypes() {
        var types = new ArrayList<Class<?>>();
        collect(DomainEvent.class, types);
        return types;
    }

    private static void collect(Class<?> type, List<Class<?>> into) {
        if (type.isRecord()) {
            into.add(type);
            return;
        }
        for (var permitted : type.getPermittedSubclasses()) {
            collect(permitted, into);
        }
    }

    Object of(Type type) {
        if (type instanceof ParameterizedType generic) {
            var element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return random.nextBoolean() ? Optional.of(of(element)) : Optional.empty();
            }
            if (generic.getRawType() == List.class) {
                var list = new ArrayList<>();
                int size = 1 + random.nextInt(3);
                while (list.size() < size) {
                    list.add(of(element));
                }
                return list;
            }
            throw new IllegalArgumentException("no sample of " + type);
        }
        return ofClass((Class<?>) type);
    }

    private Object ofClass(Class<?> type) {
        if (type == String.class) {
            return "text-" + random.nextInt(1_000_000);
        } else if (type == int.class) {
            return 1 + random.nextInt(100);
        } else if (type == long.class) {
            return 1 + random.nextLong(1L << 40);
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
        } else if (type == Duration.class) {
            return Duration.ofMillis(random.nextInt(1_000_000));
        } else if (type == IpAddress.class) {
            return address(random.nextBoolean());
        } else if (type == MacAddress.class) {
            return new MacAddress(String.format("00:16:3e:00:00:%02x", random.nextInt(256)));
        } else if (type == Cidr.class) {
            return Cidr.parse("10." + random.nextInt(256) + ".0.0/16");
        } else if (type == Stream.class) {
            return new Stream("node/n" + random.nextInt(100));
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isRecord()) {
            return ofRecord(type);
        } else if (type.isSealed()) {
            var permitted = type.getPermittedSubclasses();
            return ofClass(permitted[random.nextInt(permitted.length)]);
        }
        throw new IllegalArgumentException("no sample of " + type);
    }

    private IpAddress address(boolean ipv6) {
        int last = 1 + random.nextInt(250);
        return new IpAddress(ipv6 ? "fd00::" + Integer.toHexString(last) : "10.0.1." + last);
    }

    Object ofRecord(Class<?> type) {
        if (type == Allocation.SharedEni.class) {
            return new Allocation.SharedEni(
                    (io.ledgerway.domain.Ids.EniId) of(io.ledgerway.domain.Ids.EniId.class),
                    random.nextBoolean() ? List.of(address(false)) : List.of(address(false), address(true)));
        }
        if (type == io.ledgerway.domain.node.PoolTarget.class) {
            int low = random.nextInt(10);
            return new io.ledgerway.domain.node.PoolTarget(
                    low,
                    low + random.nextInt(10),
                    random.nextInt(10),
                    1 + random.nextInt(10),
                    Duration.ofSeconds(random.nextInt(100)),
                    List.of(new io.ledgerway.domain.Ids.VSwitchId("vsw-1")),
                    io.ledgerway.domain.node.PoolTarget.VSwitchSelection.MOST,
                    List.of(),
                    (io.ledgerway.domain.node.PoolTarget.Mode) of(io.ledgerway.domain.node.PoolTarget.Mode.class));
        }
        if (type == CloudIntent.CreateEni.class) {
            boolean whole = random.nextBoolean();
            return new CloudIntent.CreateEni(
                    (Ids.IntentId) of(Ids.IntentId.class),
                    (Instant) of(Instant.class),
                    (Ids.ClientToken) of(Ids.ClientToken.class),
                    (Ids.VSwitchId) of(Ids.VSwitchId.class),
                    List.of((Ids.SecurityGroupId) of(Ids.SecurityGroupId.class)),
                    whole ? 1 : 1 + random.nextInt(10),
                    whole);
        }
        if (type == io.ledgerway.domain.node.AttachmentId.class) {
            return new io.ledgerway.domain.node.AttachmentId(
                    new io.ledgerway.domain.Ids.PodUid("uid-" + random.nextInt(100)), "eth0");
        }
        try {
            var components = type.getRecordComponents();
            var types = new Class<?>[components.length];
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                RecordComponent component = components[i];
                types[i] = component.getType();
                values[i] = of(component.getGenericType());
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a sample of " + type, e);
        }
    }
}
