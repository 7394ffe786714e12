package io.vpceni.lab.simulate.check;

/// What must hold at every step, or whenever the world is quiescent.
public enum Invariant {
    /// An address is with at most one sandbox.
    ONE_OWNER("one-owner"),
    /// An address given to a sandbox belongs to a pods' ENI of this node by EC2's own state.
    ASSIGNED_IS_OWNED("assigned-is-owned"),
    /// No address is unassigned, and no ENI detached, while a sandbox has it.
    NEVER_RELEASED_IN_USE("never-released-in-use"),
    /// No address is unassigned, and no ENI detached, while a host route over a pod's link or a rule of pods
    /// names it.
    NEVER_UNASSIGNED_WHILE_ROUTED("never-unassigned-while-routed"),
    /// No address is given out before its cooldown is over, restart or not.
    COOLDOWN_KEPT("cooldown-kept"),
    /// An acknowledged ADD is known after any crash.
    ACKNOWLEDGED_SURVIVES("acknowledged-survives"),
    /// No ENI, address or assignment without an owner, once the world is quiescent; nothing for an ADD that was
    /// cancelled.
    NOTHING_LEAKS("nothing-leaks"),
    /// No step changes EC2 before its intent is on the disk, and no token is used for two ENIs.
    INTENT_FIRST("intent-first"),
    /// An ENI that is somebody else's is left alone: not managed, another kind, another node's.
    ONLY_OURS("only-ours"),
    /// A view is not taken to be younger than its question, and one that may be older than a change decides
    /// nothing.
    OLD_VIEWS("old-views-decide-nothing"),
    /// Never more ENIs, blocks or addresses than the instance or the settings allow.
    WITHIN_LIMITS("within-limits"),
    /// Every ADD is answered by its deadline and in turn; once the world is quiescent the pool serves and is at its
    /// target.
    PROGRESS("progress");

    private final String words;

    Invariant(String words) {
        this.words = words;
    }

    /// As people write it: `one-owner`.
    @Override
    public String toString() {
        return words;
    }
}
