package io.vpceni.ipamd.owner;

/// A receiver of messages: an owner's mailbox, where the caller waits while it is full.
@FunctionalInterface
public interface MessageSink<M> {
    void tell(M message) throws InterruptedException;
}
