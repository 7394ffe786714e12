package io.vpceni.lab.simulate.context;

import java.util.Locale;

/// What can go wrong outside, each with a rate of its own in every world.
public enum SimulatedFault {
    /// EC2 refuses for now.
    THROTTLED,
    /// EC2 refuses for a reason of its own.
    REFUSED,
    /// The role may not do it, for a while.
    UNAUTHORIZED(20),
    /// EC2 says that the instance, or the account, has all its ENIs though it has not.
    FALSE_ENI_LIMIT(20),
    /// A call never left the node.
    NOT_SENT,
    /// EC2 does not know yet what it made some seconds ago.
    NOT_KNOWN_YET,
    /// A token comes again, and EC2 answers with what it made the first time. Not drawn: the product does it.
    TOKEN_REPEATED,
    /// An attachment takes up to two minutes.
    ATTACH_SLOW,
    /// A detachment takes up to two minutes.
    DETACH_SLOW,
    /// A call's answer takes up to 30 seconds.
    LATE_ANSWER,
    /// The answer got lost and nothing was done.
    TIMEOUT_UNDONE,
    /// The answer got lost and it was done all the same.
    TIMEOUT_DONE,
    /// EC2 gives fewer than asked for.
    PARTIAL,
    /// Another node takes most of the subnet.
    SUBNET_FILLED(8),
    /// A Describe answers as things were up to 45 seconds ago.
    STALE_VIEW,
    /// A Describe leaves out a block that is there.
    BLOCK_LEFT_OUT(8),
    /// A look at the kernel arrives up to 30 seconds after it was taken.
    LATE_VIEW,
    /// A look at the kernel fails.
    VIEW_FAILED,
    /// An answer overtakes another one.
    REORDERED_ANSWER,
    /// An answer comes again.
    REPEATED_ANSWER,
    /// An answer that nobody waits for.
    STRAY_ANSWER,
    /// Somebody takes an address away from the node, by hand.
    BLOCK_TAKEN(8),
    /// Somebody gives the node an address, by hand.
    BLOCK_GIVEN(8),
    /// Somebody detaches an ENI, by hand.
    ENI_DETACHED(8),
    /// Somebody detaches an ENI and deletes it, or deletes one that is not attached yet.
    ENI_DELETED(8),
    /// Somebody attaches an ENI of theirs to this node.
    ENI_ATTACHED(8),
    /// Somebody changes the tag that says whether an ENI is managed.
    TAG_CHANGED(8),
    /// Another node makes an ENI and attaches it a while later, or never.
    OTHER_NODES_ENI(8),
    /// A link comes up to a minute late.
    LINK_LATE,
    /// A link does not come.
    LINK_MISSING,
    /// It is said that a link is there, or is not, when nobody waits for it.
    LINK_REPEATED,
    /// The cluster elects another node to clean up, in the midst of a clean-up too, or none any more.
    LEADERSHIP_CHANGED(2),
    /// The node is told another share of the account's EC2 requests.
    SHARE_CHANGED,
    /// The node is going to be terminated.
    NODE_ENDS(40),
    /// ipamd is killed before an intent is written, or in the middle of it.
    CRASH_BEFORE_INTENT(10),
    /// ipamd is killed when an intent is written and nothing is called yet.
    CRASH_AFTER_INTENT(10),
    /// ipamd is killed when EC2 has done what an intent says and the answer is on its way.
    CRASH_AFTER_CALL(10),
    /// ipamd is killed when it has heard the answer.
    CRASH_AFTER_ANSWER(10),
    /// The disk with the intents is full for a while.
    INTENTS_FULL(8),
    /// ipamd is killed between two messages.
    CRASH(60),
    /// ipamd is killed while it writes: some of the records are there, the last one perhaps in part.
    CRASH_IN_APPEND(60),
    /// The disk is full for a while.
    DISK_FULL(8),
    /// The restart comes with another mode.
    MODE_CHANGED(4),
    /// A sandbox vanishes and nobody sends a DEL.
    DEL_LOST,
    /// A DEL comes before the ADD that was sent earlier.
    DEL_OVERTAKES_ADD,
    /// An ADD arrives up to two minutes after its plugin began, in a later life of ipamd perhaps, and mostly
    /// behind its own DEL.
    ADD_LATE,
    /// The runtime sends an ADD again.
    ADD_REPEATED,
    /// The runtime sends a DEL again.
    DEL_REPEATED,
    /// The host route of a sandbox goes, or those of all: deleted by hand, or with links that were down for a
    /// moment.
    ROUTE_LOST,
    /// Somebody deletes all rules (`ip rule flush`).
    RULES_LOST,
    /// Somebody writes over the alias of a sandbox's link.
    ALIAS_LOST,
    /// Somebody deletes the host link of a sandbox that runs.
    LINK_DELETED,
    /// A host route over somebody else's link leads to an address of the node, or a rule names it, that no
    /// sandbox has.
    ROUTE_FOREIGN,
    /// The kernel refuses to wire a sandbox.
    WIRING_FAILED,
    /// The wiring takes its time.
    WIRING_SLOW,
    /// The owner looks later than the pool wanted.
    TICK_LATE,
    /// The clock steps back a little.
    CLOCK_BACK(8);

    private static final int USUAL = 6;

    private final int onceIn;

    SimulatedFault() {
        this(USUAL);
    }

    SimulatedFault(int onceIn) {
        this.onceIn = onceIn;
    }

    /// Of how many chances it takes one, where it is common.
    public int onceIn() {
        return onceIn;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
