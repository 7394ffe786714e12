package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Members of the network configuration that the plugin reads itself, with values that they must not have.
class PluginConfigurationTest {
    private final FakePosix posix = new FakePosix();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "ipamdWaitSeconds,\"1\",want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,-5,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,-0,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,1.5,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,1e1,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,101,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,4294967297,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,true,want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,[1],want a whole number of seconds from 0 to 100",
                "ipamdWaitSeconds,{},want a whole number of seconds from 0 to 100",
                "ipamdSocket,7,want an absolute path of at most 107 bytes",
                "ipamdSocket,\"\",want an absolute path of at most 107 bytes",
                "ipamdSocket,\"run/ipamd.sock\",want an absolute path of at most 107 bytes",
                "ipamdSocket,\"/run/a\\u0000b\",want an absolute path of at most 107 bytes",
                "cniVersion,1,want a string",
                "cniVersion,{},want a string"
            })
    void aWrongValueIsNamedWithItsMemberAndWhatIsAllowed(String member, String value, String allowed) {
        assertThat(run("ADD", "{\"" + member + "\":" + value + "}")).isEqualTo(1);

        assertThat(error().code()).isEqualTo(7);
        assertThat(error().msg()).contains("\"" + member + "\": " + value + ": " + allowed);
        assertThat(posix.connectedTo).isEmpty();
    }

    @Test
    void aLongValueIsCut() {
        run("ADD", "{\"ipamdSocket\":\"/" + "x".repeat(107) + "\"}");

        assertThat(error().code()).isEqualTo(7);
        assertThat(error().msg()).contains("\"/" + "x".repeat(59) + "...\": want an absolute path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"cniVersion\":\"0.3.0\"}",
                "{\"cniVersion\":\"2.0.0\"}",
                "{\"cniVersion\":7}",
                "{\"cniVersion\":\"\"}",
                "{\"ipamdWaitSeconds\":\"1\"}",
                "{\"ipamdWaitSeconds\":-1,\"ipamdSocket\":false}"
            })
    void aDelIsNotHeldUpByAConfigurationWithWhichNoAddSucceeded(String configuration) {
        posix.connections.add(FakePosix.Connection.bringing(Frames.answering(CniAnswer.newBuilder()
                .setStdout(ByteString.copyFromUtf8(""))
                .build()
                .toByteArray())));

        assertThat(run("DEL", configuration)).isZero();

        assertThat(posix.connectedTo).containsExactly("/run/vpc-eni/ipamd.sock");
        assertThat(Frames.sentRequest(posix.sent.getFirst().toByteArray())
                        .getStdin()
                        .toStringUtf8())
                .isEqualTo(configuration);
    }

    @ParameterizedTest
    @CsvSource({"7,1.0.0", "'\"2.0.0\"',2.0.0", "'\"\"',1.0.0", "null,1.0.0"})
    void versionIsAnsweredWhateverVersionIsAsked(String asked, String answered) {
        assertThat(run("VERSION", "{\"cniVersion\":" + asked + "}")).isZero();

        assertThat(posix.printed()).startsWith("{\"cniVersion\":\"" + answered + "\",\"supportedVersions\":[");
    }

    @Test
    void aVersionThatIsNoneIsNotRepeated() {
        run("ADD", "{\"ipamdWaitSeconds\":0,\"cniVersion\":\"" + "1".repeat(33) + "\"}");

        assertThat(error().cniVersion()).isEqualTo("1.0.0");
    }

    @Test
    void aVariableOfUnreasonableLengthIsRefusedInAnAddAndLeftOutInADel() {
        posix.environment.put("CNI_ARGS", "x".repeat(65_537));

        assertThat(run("ADD", "{}")).isEqualTo(1);
        assertThat(error()).isEqualTo(new CniError("1.0.0", 4, "CNI_ARGS has 65537 characters: want at most 65536"));

        posix.stdout.reset();
        posix.connections.add(FakePosix.Connection.bringing(
                Frames.answering(CniAnswer.getDefaultInstance().toByteArray())));
        assertThat(run("DEL", "{}")).isZero();
        assertThat(Frames.sentRequest(posix.sent.getFirst().toByteArray()).getEnvironmentList())
                .extracting(variable -> variable.getName())
                .containsExactly("CNI_COMMAND");
    }

    private int run(String command, String stdin) {
        posix.environment.put("CNI_COMMAND", command);
        posix.feed(stdin.getBytes(UTF_8));
        return new Plugin(posix).run();
    }

    private CniError error() {
        return CniError.read(posix.stdout.toByteArray());
    }
}
