package io.vpceni.netlink;

/// Counts datagrams that arrived at our netlink sockets and did not come from the kernel. They were discarded. May
/// be called from any thread.
public final class ForeignDatagrams {

    private long count;
    private int lastSender;

    /// The datagrams so far.
    ///
    /// @param count since the start
    /// @param lastSender port id of the last sender, usually its process id; 0 while there is none
    public record Seen(long count, int lastSender) {}

    synchronized void thrownAway(int sender) {
        count++;
        lastSender = sender;
    }

    public synchronized Seen seen() {
        return new Seen(count, lastSender);
    }
}
