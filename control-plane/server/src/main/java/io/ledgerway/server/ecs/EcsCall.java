package io.ledgerway.server.ecs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The changes that are asked of the cloud, in plain values. `signedAt` pins the time a call is signed with: the cloud
/// refuses what is older than a quarter of an hour, so that a caller who was paused longer does no harm.
public sealed interface EcsCall {
    /// The cloud takes more; smaller bites fail less and are what other clients of it use.
    int MOST_ADDRESSES = 10;

    int LONGEST_TOKEN = 64;

    /// @param addresses in all, the primary one included
    /// @param tags by which whoever finds the interface knows whose it is
    record CreateNetworkInterface(
            String clientToken,
            String vSwitchId,
            List<String> securityGroupIds,
            int addresses,
            Map<String, String> tags,
            String description)
            implements EcsCall {
        public CreateNetworkInterface {
            requireToken(clientToken);
            requireId(vSwitchId, "vSwitch");
            securityGroupIds = List.copyOf(securityGroupIds);
            tags = new LinkedHashMap<>(tags);
            if (addresses < 1 || addresses > 1 + MOST_ADDRESSES) {
                throw new IllegalArgumentException("an interface is created with its primary address and 0 to "
                        + MOST_ADDRESSES + " more, not with " + addresses);
            }
        }
    }

    record AttachNetworkInterface(String networkInterfaceId, String instanceId) implements EcsCall {
        public AttachNetworkInterface {
            requireId(networkInterfaceId, "interface");
            requireId(instanceId, "instance");
        }
    }

    record DetachNetworkInterface(String networkInterfaceId, String instanceId, Optional<Instant> signedAt)
            implements EcsCall {
        public DetachNetworkInterface {
            requireId(networkInterfaceId, "interface");
            requireId(instanceId, "instance");
            Objects.requireNonNull(signedAt);
        }
    }

    record DeleteNetworkInterface(String networkInterfaceId, Optional<Instant> signedAt) implements EcsCall {
        public DeleteNetworkInterface {
            requireId(networkInterfaceId, "interface");
            Objects.requireNonNull(signedAt);
        }
    }

    record AssignPrivateIpAddresses(String clientToken, String networkInterfaceId, int count) implements EcsCall {
        public AssignPrivateIpAddresses {
            requireToken(clientToken);
            requireId(networkInterfaceId, "interface");
            if (count < 1 || count > MOST_ADDRESSES) {
                throw new IllegalArgumentException(
                        "one call assigns 1 to " + MOST_ADDRESSES + " addresses, not " + count);
            }
        }
    }

    record UnassignPrivateIpAddresses(String networkInterfaceId, List<String> addresses, Optional<Instant> signedAt)
            implements EcsCall {
        public UnassignPrivateIpAddresses {
            requireId(networkInterfaceId, "interface");
            Objects.requireNonNull(signedAt);
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty() || addresses.size() > MOST_ADDRESSES) {
                throw new IllegalArgumentException(
                        "one call unassigns 1 to " + MOST_ADDRESSES + " addresses, not " + addresses.size());
            }
        }
    }

    private static void requireId(String id, String what) {
        if (id == null || id.isBlank()) {
            throw new IllegalArgumentException("the id of the " + what + " is missing");
        }
    }

    private static void requireToken(String token) {
        boolean usable = token != null
                && !token.isEmpty()
                && token.length() <= LONGEST_TOKEN
                && token.chars().allMatch(c -> c > ' ' && c < 127);
        if (!usable) {
            throw new IllegalArgumentException(
                    "a ClientToken has 1 to " + LONGEST_TOKEN + " ASCII characters: '" + token + "'");
        }
    }
}
