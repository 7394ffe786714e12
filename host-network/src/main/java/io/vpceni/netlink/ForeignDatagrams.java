package io.vpceni.netlink;

/// Datagrams that came to netlink sockets of ours, were not the kernel's, and were thrown away. From any thread.
public final class ForeignDatagrams {

    private long count;
    private int lastSender;

    /// What there was until now.
    ///
    /// @param count since the beginning
    /// @param lastSender port id of who sent the last one: its process id most times; 0 while there is none
    public record Seen(long count, int lastSender) {}

    synchronized void thrownAway(int sender) {
        count++;
        lastSender = sender;
    }

    public synchronized Seen seen() {
        return new Seen(count, lastSender);
    }
}
