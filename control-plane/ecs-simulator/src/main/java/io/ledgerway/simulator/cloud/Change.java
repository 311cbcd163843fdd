package io.ledgerway.simulator.cloud;

import java.util.Optional;

/// A thing of the cloud that is new, other than it was, or gone. The state is the sum of its changes.
///
/// @param value absent when it is gone
public record Change(Kind kind, String id, Optional<Object> value) {
    public enum Kind {
        VSWITCH(VSwitch.class),
        SECURITY_GROUP(SecurityGroup.class),
        INSTANCE(Instance.class),
        INTERFACE(NetworkInterface.class),
        TOKEN(UsedToken.class);

        private final Class<?> type;

        Kind(Class<?> type) {
            this.type = type;
        }

        public Class<?> type() {
            return type;
        }
    }
}
