package io.vpceni.lab.simulate;

import java.util.Locale;

/// What can go wrong outside, each with a rate of its own in every world.
enum Fault {
    /// EC2 refuses for now.
    THROTTLED,
    /// EC2 refuses for a reason of its own.
    REFUSED,
    /// The role may not do it, for a while.
    UNAUTHORIZED,
    /// EC2 says that the instance has all its ENIs though it has not.
    FALSE_ENI_LIMIT,
    /// The answer got lost and nothing was done.
    TIMEOUT_UNDONE,
    /// The answer got lost and it was done all the same.
    TIMEOUT_DONE,
    /// EC2 gives fewer than asked for.
    PARTIAL,
    /// Another node takes most of the subnet.
    SUBNET_FILLED,
    /// A Describe answers as things were up to 45 seconds ago.
    STALE_VIEW,
    /// A Describe leaves out a block that is there.
    BLOCK_LEFT_OUT,
    /// A view arrives up to 30 seconds after it was taken.
    LATE_VIEW,
    /// A look at EC2 or the kernel fails.
    VIEW_FAILED,
    /// An answer overtakes another one.
    REORDERED_ANSWER,
    /// An answer comes again.
    REPEATED_ANSWER,
    /// An answer that nobody waits for.
    STRAY_ANSWER,
    /// Somebody takes an address away from the node, by hand.
    BLOCK_TAKEN,
    /// Somebody gives the node an address, by hand.
    BLOCK_GIVEN,
    /// ipamd is killed between two messages.
    CRASH,
    /// ipamd is killed while it writes: some of the records are there, the last one perhaps in part.
    CRASH_IN_APPEND,
    /// The disk is full for a while.
    DISK_FULL,
    /// The restart comes with another mode.
    MODE_CHANGED,
    /// A sandbox vanishes and nobody sends a DEL.
    DEL_LOST,
    /// A DEL comes before the ADD that was sent earlier.
    DEL_OVERTAKES_ADD,
    /// The runtime sends an ADD again.
    ADD_REPEATED,
    /// The runtime sends a DEL again.
    DEL_REPEATED,
    /// The kernel refuses to wire a sandbox.
    WIRING_FAILED,
    /// The wiring takes its time.
    WIRING_SLOW,
    /// The owner looks later than the pool wanted.
    TICK_LATE,
    /// The clock steps back a little.
    CLOCK_BACK;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
