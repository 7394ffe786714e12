package io.vpceni.ipamd.observe;

/// Somebody who passes notices on: the log, the metrics, later the Events of Kubernetes.
@FunctionalInterface
public interface NoticeTaker {
    /// On a thread of the taker's own, one notice after the other; may take its time.
    void take(Notice notice) throws InterruptedException;
}
