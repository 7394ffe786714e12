package io.vpceni.cni;

/// A connected socket with a deadline for all reads and writes; reusable for another connection.
final class Wire {
    private final Posix posix;
    private final byte[] buffer = new byte[16 * 1024];
    private int descriptor;
    private long deadlineMillis;
    private int from;
    private int to;

    Wire(Posix posix) {
        this.posix = posix;
    }

    /// @param connection a connected socket, of which nothing was read yet
    /// @param deadline on [Posix#monotonicMillis]
    Wire over(int connection, long deadline) {
        descriptor = connection;
        deadlineMillis = deadline;
        from = 0;
        to = 0;
        return this;
    }

    /// Sends all of it.
    void send(byte[] bytes, int start, int length) throws CallFailure {
        int sent = 0;
        while (sent < length) {
            int count = posix.send(descriptor, bytes, start + sent, length - sent, left());
            if (count < 0) {
                throw failure(-count);
            }
            sent += count;
        }
    }

    /// Receives exactly that many bytes, however they come, to the array's begin.
    void receive(byte[] bytes, int count) throws CallFailure {
        int have = 0;
        while (have < count) {
            if (from == to) {
                fill();
            }
            int some = Math.min(count - have, to - from);
            System.arraycopy(buffer, from, bytes, have, some);
            from += some;
            have += some;
        }
    }

    private void fill() throws CallFailure {
        int count = posix.receive(descriptor, buffer, 0, left());
        if (count < 0) {
            throw failure(-count);
        }
        if (count == 0) {
            throw CallFailure.away("ipamd closed the connection before it answered");
        }
        from = 0;
        to = count;
    }

    private long left() throws CallFailure {
        long left = deadlineMillis - posix.monotonicMillis();
        if (left <= 0) {
            throw failure(Posix.ETIMEDOUT);
        }
        return left;
    }

    private static CallFailure failure(int errno) {
        return errno == Posix.ETIMEDOUT
                ? new CallFailure(CallFailure.Kind.TRY_LATER, "ipamd did not answer in time")
                : CallFailure.away("the connection to ipamd broke (errno " + errno + ")");
    }
}
