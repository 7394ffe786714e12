package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"32,EPIPE", "110,ETIMEDOUT", "28,ENOSPC", "9,EBADF"})
    void aResultThatNobodyCouldReadIsNoSuccessAndIsToldOnStderr(int errno, String name) {
        posix.environment.put("CNI_CONTAINERID", "c1");
        posix.stdoutErrno = errno;
        posix.connections.add(answering("{}"));
        long start = posix.now;

        assertThat(run("ADD", CONFIGURATION + "}")).isEqualTo(1);

        assertThat(posix.stderr.toString(UTF_8))
                .startsWith("vpc-eni: ADD of c1 is answered, but nobody reads the answer on stdout (" + name)
                .endsWith("\n");
        assertThat(posix.now - start).isLessThanOrEqualTo(10_000);
    }

    @Test
    void theLastWordsAreACniErrorInTheVersionThatWasAsked() throws Json.Malformed {
        run("VERSION", "{\"cniVersion\":\"0.4.0\"}");

        Json words = Json.object(posix.lastWords, posix.lastWords.length, "cniVersion", "code", "msg");
        assertThat(words.member("cniVersion").text()).isEqualTo("0.4.0");
        assertThat(words.member("code").text()).isEqualTo("100");
        assertThat(words.member("msg").text()).contains("no more memory");
    }

    @Test
    void aBugIsStillACniError() {
        Posix broken = new ForwardingPosix(posix) {
            @Override
            public int connect(byte[] path) {
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
