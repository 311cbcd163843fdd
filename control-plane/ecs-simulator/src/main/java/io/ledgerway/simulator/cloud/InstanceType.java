package io.ledgerway.simulator.cloud;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an instance type may hold, as Alibaba Cloud publishes it. Where the total of interfaces with trunk members
/// is not published, it is taken to equal the plain quantity: no trunk.
///
/// @param interfaces interfaces per instance, the primary one included
/// @param ipv4PerInterface addresses per interface, its primary one included
public record InstanceType(
        String name,
        int cpus,
        int memoryGiB,
        int interfaces,
        int ipv4PerInterface,
        int ipv6PerInterface,
        int totalInterfaces,
        boolean trunk,
        int primaryQueues,
        int secondaryQueues,
        int totalQueues) {

    private static final Map<String, InstanceType> PUBLISHED = published();

    public static Map<String, InstanceType> all() {
        return PUBLISHED;
    }

    private static Map<String, InstanceType> published() {
        var types = new LinkedHashMap<String, InstanceType>();
        for (var type : new InstanceType[] {
            new InstanceType("ecs.g7.large", 2, 8, 3, 6, 6, 3, false, 2, 2, 6),
            new InstanceType("ecs.g7.xlarge", 4, 16, 4, 15, 15, 20, true, 4, 4, 16),
            new InstanceType("ecs.g7.2xlarge", 8, 32, 4, 15, 15, 4, false, 8, 8, 32),
            new InstanceType("ecs.g7.4xlarge", 16, 64, 8, 30, 30, 8, false, 8, 8, 64),
            new InstanceType("ecs.g7.8xlarge", 32, 128, 8, 30, 30, 8, false, 16, 16, 128),
            new InstanceType("ecs.g7.32xlarge", 128, 512, 15, 30, 30, 15, false, 32, 16, 256),
            new InstanceType("ecs.g6.large", 2, 8, 2, 6, 1, 2, false, 2, 2, 4),
            new InstanceType("ecs.g6.xlarge", 4, 16, 3, 10, 1, 3, false, 4, 4, 12),
            new InstanceType("ecs.g6.2xlarge", 8, 32, 4, 10, 1, 4, false, 8, 8, 32),
            new InstanceType("ecs.g6.4xlarge", 16, 64, 8, 20, 1, 8, false, 8, 8, 64),
            new InstanceType("ecs.g6.26xlarge", 104, 384, 15, 20, 1, 15, false, 32, 16, 256),
            new InstanceType("ecs.u1-c1m4.xlarge", 4, 16, 3, 10, 1, 6, true, 2, 2, 6),
            new InstanceType("ecs.ebmre7p.32xlarge", 128, 1024, 32, 15, 1, 110, true, 32, 16, 528),
            new InstanceType("ecs.ebmg5.24xlarge", 96, 384, 32, 10, 0, 32, false, 8, 1, 39),
        }) {
            types.put(type.name(), type);
        }
        return Collections.unmodifiableMap(types);
    }
}
