package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.VSwitch;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The cloud as the loops need it: one call each, blocking, without a retry of its own. What the cloud says, or that it
/// said nothing, is returned; nothing expected is thrown.
public interface Cloud {

    Answer<CreatedEni> createEni(CloudIntent.CreateEni intent);

    Answer<Done> attachEni(EniId eni, InstanceId instance);

    Answer<List<IpAddress>> assignAddresses(CloudIntent.AssignAddresses intent);

    /// Destructive calls are signed with the time of their intent, so that the cloud refuses one that comes too late.
    Answer<Done> unassignAddresses(EniId eni, List<IpAddress> addresses, Instant signedAt);

    Answer<Done> detachEni(EniId eni, InstanceId instance, Instant signedAt);

    Answer<Done> deleteEni(EniId eni, Instant signedAt);

    /// Empty when the cloud has no such ENI.
    Answer<Optional<EniSeen>> describeEni(EniId eni);

    /// What the instance is and allows, what is attached to it, and the vSwitches as they are now.
    Answer<InstanceSeen> describeInstance(InstanceId instance, List<VSwitchId> vSwitches);

    record Done() {}

    record CreatedEni(EniId eni, MacAddress mac, IpAddress primary, List<IpAddress> secondary) {
        public CreatedEni {
            secondary = List.copyOf(secondary);
        }
    }

    /// @param instance where it is attached or being attached
    /// @param deviceIndex its place there, 0 while the cloud names none
    record EniSeen(EniState state, Optional<InstanceId> instance, int deviceIndex, List<IpAddress> addresses) {
        public EniSeen {
            addresses = List.copyOf(addresses);
        }
    }

    enum EniState {
        AVAILABLE,
        ATTACHING,
        IN_USE,
        DETACHING,
        DELETING
    }

    /// @param attached every ENI of the instance, its primary one included
    record InstanceSeen(
            String instanceType,
            String zone,
            int eniQuantity,
            int ipv4PerEni,
            int ipv6PerEni,
            List<EniId> attached,
            List<VSwitch> vSwitches) {
        public InstanceSeen {
            attached = List.copyOf(attached);
            vSwitches = List.copyOf(vSwitches);
        }
    }

    /// @param requestId the cloud's own name of the call, where it gave one
    sealed interface Answer<T> {
        Optional<String> requestId();

        record Ok<T>(T value, Optional<String> requestId) implements Answer<T> {}

        record No<T>(Trouble trouble, String code, String message, Optional<String> requestId) implements Answer<T> {}
    }

    /// What a "no" means for the one who asked.
    enum Trouble {
        /// Asked too often; nothing was done.
        THROTTLED,
        /// Something else is being done to the same thing, or it is not in the state for this yet; nothing was done.
        CONFLICT,
        /// No answer, or one that does not say what happened.
        UNKNOWN_OUTCOME,
        /// What the call names does not exist.
        NOT_FOUND,
        /// The token can never succeed any more.
        TOKEN_BURNT,
        /// The time that the call is signed with is too long ago, or the clocks differ; nothing was done.
        SIGNED_TOO_LATE,
        VSWITCH_EXHAUSTED,
        LIMIT_REACHED,
        /// It will never be accepted like this.
        REFUSED
    }
}
