package io.ledgerway.domain;

import java.util.Objects;

/// The identities that the log speaks of, each a type of its own so that none is passed for another.
public final class Ids {

    private Ids() {}

    public record ClusterId(String value) {
        public ClusterId {
            requireText(value, "cluster id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record NodeName(String value) {
        public NodeName {
            requireText(value, "node name");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// The ECS instance behind a node, for example `i-bp1…`.
    public record InstanceId(String value) {
        public InstanceId {
            requireText(value, "instance id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// The kernel's boot id: a new one proves that every endpoint of the boot before is gone.
    public record BootId(String value) {
        public BootId {
            requireText(value, "boot id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record EniId(String value) {
        public EniId {
            requireText(value, "ENI id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record VSwitchId(String value) {
        public VSwitchId {
            requireText(value, "vSwitch id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record SecurityGroupId(String value) {
        public SecurityGroupId {
            requireText(value, "security group id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record PodUid(String value) {
        public PodUid {
            requireText(value, "pod UID");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// The runtime's id of one sandbox of a pod (CNI_CONTAINERID); a retried ADD may bring a new one.
    public record SandboxId(String value) {
        public SandboxId {
            requireText(value, "sandbox id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// One thing asked of the cloud; it stays the same through every attempt.
    public record IntentId(String value) {
        public IntentId {
            requireText(value, "intent id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// What makes a cloud call idempotent: at most 64 ASCII characters.
    public record ClientToken(String value) {
        public ClientToken {
            requireText(value, "client token");
            if (value.length() > 64) {
                throw new IllegalArgumentException(
                        "a client token has at most 64 characters, this one has " + value.length() + ": " + value);
            }
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record CommandId(String value) {
        public CommandId {
            requireText(value, "command id");
        }

        /// The `index`-th intent that the decision about this command may make.
        public IntentId intent(int index) {
            return new IntentId(value + "." + index);
        }

        @Override
        public String toString() {
            return value;
        }
    }

    public record EventId(String value) {
        public EventId {
            requireText(value, "event id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    private static void requireText(String value, String what) {
        Objects.requireNonNull(value, what);
        if (value.isBlank()) {
            throw new IllegalArgumentException("a " + what + " must not be blank");
        }
    }

    /// Names one journal of a node's executor, from its making to its loss.
    public record JournalId(String value) {
        public JournalId {
            requireText(value, "journal id");
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /// Names one wish of the log to have idle addresses back.
    public record WishId(String value) {
        public WishId {
            requireText(value, "wish id");
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
