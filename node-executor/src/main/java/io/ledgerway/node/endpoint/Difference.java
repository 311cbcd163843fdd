package io.ledgerway.node.endpoint;

/// Something that the plan wants and the kernel has not.
public record Difference(String wanted, String found) {
    @Override
    public String toString() {
        return wanted + ": " + found;
    }
}
