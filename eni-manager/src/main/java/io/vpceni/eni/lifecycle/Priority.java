package io.vpceni.eni.lifecycle;

/// Who goes first when EC2 may not be asked as often as one would like. In this order.
public enum Priority {
    /// A pod waits for it.
    POD_WAITS,
    /// The pool wants to be at its target; an ENI that was begun wants to be finished.
    WARM,
    /// A look at what is there.
    LOOK,
    /// Things that are not needed any more.
    CLEAN_UP
}
