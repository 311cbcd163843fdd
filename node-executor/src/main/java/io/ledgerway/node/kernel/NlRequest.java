package io.ledgerway.node.kernel;

import java.util.function.Consumer;

/// One netlink message to be: `verb` and `subject` are only turned into words when the kernel refuses it.
public record NlRequest(String verb, Object subject, int type, int flags, Consumer<NlWriter> body) {
    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int DUMP = 0x300;
    static final int REPLACE = 0x100;
    static final int EXCLUSIVE = 0x200;
    static final int CREATE = 0x400;
    static final int CREATE_OR_REPLACE = CREATE | REPLACE;

    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int GET_ROUTE = 26;
    static final int NEW_NEIGHBOUR = 28;
    static final int DELETE_NEIGHBOUR = 29;
    static final int GET_NEIGHBOUR = 30;
    static final int NEW_RULE = 32;
    static final int DELETE_RULE = 33;
    static final int GET_RULE = 34;
    static final int NEW_QDISC = 36;
    static final int DELETE_QDISC = 37;
    static final int GET_QDISC = 38;
    static final int NEW_FILTER = 44;
    static final int DELETE_FILTER = 45;
    static final int GET_FILTER = 46;

    public boolean deletes() {
        return switch (type) {
            case DELETE_LINK,
                    DELETE_ADDRESS,
                    DELETE_ROUTE,
                    DELETE_NEIGHBOUR,
                    DELETE_RULE,
                    DELETE_QDISC,
                    DELETE_FILTER -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return verb + " " + subject;
    }
}
