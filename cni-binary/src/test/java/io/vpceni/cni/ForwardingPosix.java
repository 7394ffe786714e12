package io.vpceni.cni;

/// Another [Posix], of which a test changes single calls.
class ForwardingPosix implements Posix {
    private final Posix posix;

    ForwardingPosix(Posix posix) {
        this.posix = posix;
    }

    @Override
    public String environment(String name) {
        return posix.environment(name);
    }

    @Override
    public int readStdin(byte[] buffer, int from) {
        return posix.readStdin(buffer, from);
    }

    @Override
    public int writeStdout(byte[] bytes, int from) {
        return posix.writeStdout(bytes, from);
    }

    @Override
    public int open(String path) {
        return posix.open(path);
    }

    @Override
    public void close(int descriptor) {
        posix.close(descriptor);
    }

    @Override
    public int connect(String path) {
        return posix.connect(path);
    }

    @Override
    public int sendDescriptor(String path, byte[] bytes, int descriptor) {
        return posix.sendDescriptor(path, bytes, descriptor);
    }

    @Override
    public int send(int descriptor, byte[] bytes, int from, int length, long timeoutMillis) {
        return posix.send(descriptor, bytes, from, length, timeoutMillis);
    }

    @Override
    public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
        return posix.receive(descriptor, buffer, from, timeoutMillis);
    }

    @Override
    public byte[] random(int count) {
        return posix.random(count);
    }

    @Override
    public long monotonicNanos() {
        return posix.monotonicNanos();
    }

    @Override
    public void sleep(long millis) {
        posix.sleep(millis);
    }
}
