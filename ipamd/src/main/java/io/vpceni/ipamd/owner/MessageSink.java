package io.vpceni.ipamd.owner;

/// Takes messages for somebody: an owner's mailbox, which makes the caller wait while it is full.
@FunctionalInterface
public interface MessageSink<M> {
    void tell(M message) throws InterruptedException;
}
