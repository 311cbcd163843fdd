package io.ledgerway.node.kernel;

/// Per-link IPv4 settings that travel by netlink, with the kernel's attribute numbers
/// (`/proc/sys/net/ipv4/conf/<link>/...`).
public enum Ipv4Setting {
    FORWARDING(1, "forwarding"),
    RP_FILTER(8, "rp_filter");

    final int number;
    final String file;

    Ipv4Setting(int number, String file) {
        this.number = number;
        this.file = file;
    }
}
