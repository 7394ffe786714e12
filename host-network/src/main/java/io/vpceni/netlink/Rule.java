package io.vpceni.netlink;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A policy routing rule. A selector that is absent matches everything.
///
/// @param priority looked at in ascending order
/// @param from source block
/// @param to destination block
/// @param mark mark and mask alike; 0: not looked at
/// @param table looked up when the rule matches; 0: any, when a rule is deleted
public record Rule(int priority, Optional<Cidr> from, Optional<Cidr> to, int mark, int table) {

    // linux/fib_rules.h
    static final int FRA_DST = 1;
    static final int FRA_SRC = 2;
    static final int FRA_PRIORITY = 6;
    static final int FRA_FWMARK = 10;
    static final int FRA_TABLE = 15;
    static final int FRA_FWMASK = 16;

    public static Rule from(InetAddress source, int table, int priority) {
        return new Rule(priority, Optional.of(host(source)), Optional.empty(), 0, table);
    }

    public static Rule to(InetAddress destination, int table, int priority) {
        return new Rule(priority, Optional.empty(), Optional.of(host(destination)), 0, table);
    }

    public static Rule marked(int mark, int table, int priority) {
        return new Rule(priority, Optional.empty(), Optional.empty(), mark, table);
    }

    private static Cidr host(InetAddress address) {
        return Cidr.containing(address, address.getAddress().length * Byte.SIZE);
    }

    static Rule decode(ByteBuffer in) {
        FibRuleHdr header = FibRuleHdr.decode(in);
        Attributes attributes = Attributes.decode(in);
        return new Rule(
                attributes.integer(FRA_PRIORITY, 0),
                attributes.bytes(FRA_SRC).map(bytes -> new Cidr(Address.inet(bytes), header.sourceBits())),
                attributes.bytes(FRA_DST).map(bytes -> new Cidr(Address.inet(bytes), header.destinationBits())),
                attributes.integer(FRA_FWMARK, 0),
                attributes.integer(FRA_TABLE, header.table()));
    }

    @Override
    public String toString() {
        return "from " + from.map(Cidr::toString).orElse("all")
                + to.map(block -> " to " + block).orElse("")
                + (mark == 0 ? "" : " fwmark 0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(mark))
                + (table == 0 ? "" : " lookup " + table) + " priority " + priority;
    }
}
