package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import org.junit.jupiter.api.Test;

class PluginOutputTest {
    private static final String CONFIGURATION =
            "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\",\"ipamdSocket\":\"/s/ipamd.sock\"";

    private final FakePosix posix = new FakePosix();

    @Test
    void shortWritesToStdoutLoseNothing() {
        posix.stdoutChunk = 3;
        posix.connections.add(answering("{\"some\":\"result\"}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isZero();

        assertThat(posix.printed()).isEqualTo("{\"some\":\"result\"}");
    }

    @Test
    void aResultThatNobodyCouldReadIsNoSuccess() {
        posix.stdoutErrno = 32; // EPIPE
        posix.connections.add(answering("{}"));

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);
    }

    @Test
    void aBugIsStillACniError() {
        Posix broken = new ForwardingPosix(posix) {
            @Override
            public int connect(String path) {
                throw new IllegalStateException("a \"bug\"");
            }
        };
        posix.environment.put("CNI_COMMAND", "ADD");
        posix.stdin = (CONFIGURATION + "}").getBytes(UTF_8);

        assertThat(new Plugin(broken).run()).isEqualTo(1);

        assertThat(posix.printed())
                .contains("\"code\":100,")
                .contains("met a bug: java.lang.IllegalStateException: a \\\"bug\\\"; please report it");
    }

    private int run(String command, String stdin) {
        posix.environment.put("CNI_COMMAND", command);
        posix.stdin = stdin.getBytes(UTF_8);
        return new Plugin(posix).run();
    }

    private static FakePosix.Connection answering(String stdout) {
        return FakePosix.Connection.bringing(Frames.answering(CniAnswer.newBuilder()
                .setStdout(ByteString.copyFromUtf8(stdout))
                .build()
                .toByteArray()));
    }
}
