package io.ledgerway.node.cni;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The versions of the CNI specification that are spoken, oldest first. The relay answers VERSION with the same list.
public enum CniVersion {
    V0_3_1("0.3.1"),
    V0_4_0("0.4.0"),
    V1_0_0("1.0.0"),
    V1_1_0("1.1.0");

    public static final CniVersion LATEST = V1_1_0;
    private final String text;

    CniVersion(String text) {
        this.text = text;
    }

    static Optional<CniVersion> of(String text) {
        for (CniVersion version : values()) {
            if (version.text.equals(text)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    static List<String> all() {
        List<String> all = new ArrayList<>();
        for (CniVersion version : values()) {
            all.add(version.text);
        }
        return all;
    }

    boolean hasCheck() {
        return compareTo(V0_4_0) >= 0;
    }

    boolean hasGarbageCollectionAndStatus() {
        return compareTo(V1_1_0) >= 0;
    }

    /// Until 1.0.0 an address of a result names its family.
    boolean namesAddressFamily() {
        return compareTo(V1_0_0) < 0;
    }

    boolean tellsMtu() {
        return compareTo(V1_1_0) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
