package io.vpceni.cni;

/// A connected socket with a deadline for everything that goes through it.
final class Wire {
    private final Posix posix;
    private final int descriptor;
    private final long deadlineMillis;
    private final byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;

    /// @param deadlineMillis on [Posix#monotonicMillis]
    Wire(Posix posix, int descriptor, long deadlineMillis) {
        this.posix = posix;
        this.descriptor = descriptor;
        this.deadlineMillis = deadlineMillis;
    }

    /// Sends all of it.
    void send(byte[] bytes) throws CallFailure {
        int sent = 0;
        while (sent < bytes.length) {
            int count = posix.send(descriptor, bytes, sent, bytes.length - sent, left());
            if (count < 0) {
                throw failure(-count);
            }
            sent += count;
        }
    }

    /// Receives exactly that many bytes, however they come.
    byte[] receive(int count) throws CallFailure {
        byte[] bytes = new byte[count];
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
        return bytes;
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
