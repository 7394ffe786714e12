package io.vpceni.lab.localstack;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// The Docker daemon of this machine, asked one question: is that image there? An answer, or the lack of a daemon,
/// takes milliseconds, where Testcontainers would try for seconds.
///
/// @param socket of the daemon; it need not exist
record DockerDaemon(Path socket) {
    /// `DOCKER_HOST` where it names a unix socket, else the usual one. A daemon behind TCP is not looked for.
    static DockerDaemon of(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return new DockerDaemon(
                host.startsWith("unix://")
                        ? Path.of(host.substring("unix://".length()))
                        : Path.of("/var/run/docker.sock"));
    }

    boolean hasImage(String image) {
        String request = "GET /images/" + image + "/json HTTP/1.0\r\nHost: docker\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer statusLine = ByteBuffer.allocate("HTTP/1.0 200".length());
            while (statusLine.hasRemaining() && channel.read(statusLine) >= 0) {}
            return new String(statusLine.array(), StandardCharsets.US_ASCII).endsWith(" 200");
        } catch (IOException _) {
            return false; // no daemon, or none for us
        }
    }
}
