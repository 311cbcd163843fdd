package io.ledgerway.domain.cloud;

import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Something that the log has decided to ask of the cloud. It is recorded before the call, with the token that the call
/// will carry, so that a repeated call is the same call.
public sealed interface CloudIntent {

    IntentId id();

    /// When it was decided, or decided anew; a destructive call is signed with this time, so that the cloud refuses it
    /// once it is old.
    Instant intendedAt();

    /// How long after its intent a call that takes something away may still be heard: the cloud refuses what is signed
    /// with an older time. The clocks of the cloud and of whoever signs may differ by some of it.
    Duration LIFE = Duration.ofMinutes(20);

    /// From then on no attempt that was signed with the time of this intent is accepted by the cloud any more.
    default Instant deadline() {
        return intendedAt().plus(LIFE);
    }

    /// Whether it takes something away: such a call has no token, is signed with the time of its intent, and is not
    /// begun any more when its deadline is near.
    default boolean takesAway() {
        return switch (this) {
            case CreateEni i -> false;
            case AttachEni i -> false;
            case AssignAddresses i -> false;
            case UnassignAddresses i -> true;
            case DetachEni i -> true;
            case DeleteEni i -> true;
        };
    }

    /// What people and machines call the kind of call.
    default String kind() {
        return switch (this) {
            case CreateEni i -> "create-eni";
            case AttachEni i -> "attach-eni";
            case AssignAddresses i -> "assign-addresses";
            case UnassignAddresses i -> "unassign-addresses";
            case DetachEni i -> "detach-eni";
            case DeleteEni i -> "delete-eni";
        };
    }

    /// A new ENI with `addresses` IPv4 addresses, its primary one included.
    ///
    /// @param whole whether it is to be one pod's own: then its primary address is the pod's, and it has no other
    record CreateEni(
            IntentId id,
            Instant intendedAt,
            ClientToken token,
            VSwitchId vSwitch,
            List<SecurityGroupId> securityGroups,
            int addresses,
            boolean whole)
            implements CloudIntent {
        public CreateEni {
            securityGroups = List.copyOf(securityGroups);
            if (addresses < 1) {
                throw new IllegalArgumentException(
                        "an ENI is created with at least its primary address, not " + addresses);
            }
            if (whole && addresses != 1) {
                throw new IllegalArgumentException("an ENI of a pod's own has one address, not " + addresses);
            }
        }

        /// One that pods share.
        public CreateEni(
                IntentId id,
                Instant intendedAt,
                ClientToken token,
                VSwitchId vSwitch,
                List<SecurityGroupId> securityGroups,
                int addresses) {
            this(id, intendedAt, token, vSwitch, securityGroups, addresses, false);
        }
    }

    record AttachEni(IntentId id, Instant intendedAt, EniId eni, InstanceId instance) implements CloudIntent {}

    record AssignAddresses(IntentId id, Instant intendedAt, ClientToken token, EniId eni, int count)
            implements CloudIntent {
        public AssignAddresses {
            if (count < 1) {
                throw new IllegalArgumentException("at least one address is assigned, not " + count);
            }
        }
    }

    record UnassignAddresses(IntentId id, Instant intendedAt, EniId eni, List<IpAddress> addresses)
            implements CloudIntent {
        public UnassignAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    record DetachEni(IntentId id, Instant intendedAt, EniId eni, InstanceId instance) implements CloudIntent {}

    record DeleteEni(IntentId id, Instant intendedAt, EniId eni) implements CloudIntent {}

    /// The same intent under a new token, for when the cloud has burnt the old one; what has no token stays as it is.
    default CloudIntent withToken(ClientToken token) {
        return switch (this) {
            case CreateEni i ->
                new CreateEni(i.id, i.intendedAt, token, i.vSwitch, i.securityGroups, i.addresses, i.whole);
            case AssignAddresses i -> new AssignAddresses(i.id, i.intendedAt, token, i.eni, i.count);
            case AttachEni i -> i;
            case UnassignAddresses i -> i;
            case DetachEni i -> i;
            case DeleteEni i -> i;
        };
    }

    /// The same intent decided anew, for when the cloud refuses the old time.
    default CloudIntent at(Instant time) {
        return switch (this) {
            case CreateEni i -> new CreateEni(i.id, time, i.token, i.vSwitch, i.securityGroups, i.addresses, i.whole);
            case AssignAddresses i -> new AssignAddresses(i.id, time, i.token, i.eni, i.count);
            case AttachEni i -> new AttachEni(i.id, time, i.eni, i.instance);
            case UnassignAddresses i -> new UnassignAddresses(i.id, time, i.eni, i.addresses);
            case DetachEni i -> new DetachEni(i.id, time, i.eni, i.instance);
            case DeleteEni i -> new DeleteEni(i.id, time, i.eni);
        };
    }
}
