package io.vpceni.pool;

import java.util.ArrayList;
import java.util.List;

/// Something that an operator should hear of: a line of the log and a count in the metrics. The pool needs nothing done
/// about it.
///
/// @param kind the metrics count by it
/// @param text one fixed sentence: what happened and what the pool does about it
/// @param fields the objects that it is about, in the order in which they are logged
public record PoolNotice(Kind kind, String text, List<Field> fields) {

    /// What happened.
    public enum Kind {
        /// EC2 or the kernel contradict the pool about an address or a block: whoever has it keeps it,
        /// nobody else gets it.
        DISPUTED,
        /// EC2 and the kernel agree with the pool again.
        DISPUTE_RESOLVED,
        /// A disputed address, or an ENI, is not this node's any more: the pool has forgotten it.
        GONE,
        /// The kernel has no sandbox for an address any more, and no DEL came: the address was released.
        DEL_LOST,
        /// A block or an ENI went back to EC2.
        RETURNED,
        /// The subnet has no contiguous prefix: single addresses are asked for.
        PREFIXES_OFF,
        /// EC2 gives prefixes again.
        PREFIXES_ON,
        /// EC2 or the kernel answered what cannot be true: the answer was ignored.
        UNEXPECTED_ANSWER
    }

    /// One field of the log line.
    ///
    /// @param name lower case, such as `eni` or `block`
    /// @param value its text goes into the log
    public record Field(String name, Object value) {}

    public PoolNotice {
        fields = List.copyOf(fields);
    }

    /// A notice without fields.
    static PoolNotice of(Kind kind, String text) {
        return new PoolNotice(kind, text, List.of());
    }

    /// The same with one more field.
    PoolNotice with(String name, Object value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new PoolNotice(kind, text, more);
    }
}
