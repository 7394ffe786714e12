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
    public int readStdin(byte[] buffer, int from, long timeoutMillis) {
        return posix.readStdin(buffer, from, timeoutMillis);
    }

    @Override
    public int writeStdout(byte[] bytes, int from, long timeoutMillis) {
        return posix.writeStdout(bytes, from, timeoutMillis);
    }

    @Override
    public void writeStderr(byte[] bytes) {
        posix.writeStderr(bytes);
    }

    @Override
    public void lastWords(byte[] bytes) {
        posix.lastWords(bytes);
    }

    @Override
    public long secondsSinceWritten(byte[] path) {
        return posix.secondsSinceWritten(path);
    }

    @Override
    public int open(byte[] path) {
        return posix.open(path);
    }

    @Override
    public int readFile(byte[] path, byte[] into) {
        return posix.readFile(path, into);
    }

    @Override
    public int createFile(byte[] path, byte[] bytes, int length) {
        return posix.createFile(path, bytes, length);
    }

    @Override
    public int rename(byte[] from, byte[] to) {
        return posix.rename(from, to);
    }

    @Override
    public int createDirectory(byte[] path, int mode) {
        return posix.createDirectory(path, mode);
    }

    @Override
    public int countEntries(byte[] path, int max) {
        return posix.countEntries(path, max);
    }

    @Override
    public void close(int descriptor) {
        posix.close(descriptor);
    }

    @Override
    public int connect(byte[] path) {
        return posix.connect(path);
    }

    @Override
    public int sendDescriptor(byte[] path, byte[] bytes, int descriptor) {
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
    public void random(byte[] into) {
        posix.random(into);
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
