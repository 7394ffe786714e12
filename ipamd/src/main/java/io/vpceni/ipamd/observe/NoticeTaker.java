package io.vpceni.ipamd.observe;

/// Receives notices: the log, the metrics, later Kubernetes Events.
@FunctionalInterface
public interface NoticeTaker {
    /// Called on the taker's own thread, one notice after the other; may block.
    void take(Notice notice) throws InterruptedException;
}
