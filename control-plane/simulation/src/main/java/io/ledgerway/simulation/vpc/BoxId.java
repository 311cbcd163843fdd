package io.ledgerway.simulation.vpc;

/// Names everything that one box makes: all of it starts with `lw-<id>-`, and nothing else does. An id holds no
/// dash, so that no box's prefix is the beginning of another's.
public record BoxId(String value) {

    private static final String PLAYS_THE_VPC = "vpc";

    public BoxId {
        if (!value.matches("[a-z0-9]{1,12}")) {
            throw new IllegalArgumentException(
                    "the id of a VPC in a box is 1 to 12 letters a-z or digits, not " + value);
        }
    }

    public String prefix() {
        return "lw-" + value + "-";
    }

    /// The namespace with the bridges and the router.
    public String vpc() {
        return prefix() + PLAYS_THE_VPC;
    }

    /// The namespace that plays an instance, or anything else beside the VPC.
    public String namespace(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,63}") || name.equals(PLAYS_THE_VPC)) {
            throw new IllegalArgumentException("no namespace of a box can be called " + name);
        }
        return prefix() + name;
    }
}
