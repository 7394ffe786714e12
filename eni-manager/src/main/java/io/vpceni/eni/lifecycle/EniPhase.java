package io.vpceni.eni.lifecycle;

/// Where an ENI is in its life. A label value, and a word in `ipamctl`.
public enum EniPhase {
    /// EC2 is asked to make it.
    CREATING,
    /// An answer was lost: whether EC2 made it comes to light.
    CREATION_UNCERTAIN,
    /// It exists; EC2 is asked to attach it.
    ATTACHING,
    /// It is attached; its link is waited for.
    LINKING,
    /// Its link does not come: tried again from time to time.
    LINK_MISSING,
    /// It serves pods, or what it is there for.
    READY,
    /// It is being detached.
    DETACHING,
    /// It is detached and being deleted.
    DELETING
}
