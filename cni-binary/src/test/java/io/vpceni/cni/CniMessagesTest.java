package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniMessagesTest {
    @Test
    void theGeneratedCodeReadsARequestAsItWasWritten() throws InvalidProtocolBufferException {
        byte[] stdin = new byte[70_000];
        Arrays.fill(stdin, (byte) 0xfe);
        byte[] nonce = {1, 2, (byte) 200};

        Bytes out = new Bytes(100_000);
        CniMessages.request(
                out,
                List.of(
                        new CniMessages.EnvironmentVariable("CNI_COMMAND", "ADD"),
                        new CniMessages.EnvironmentVariable("CNI_ARGS", "K8S_POD_NAME=größe;" + "x".repeat(300))),
                stdin,
                69_999,
                Long.MAX_VALUE);
        CniMessages.namespace(out, nonce, 13);
        CniRequest request = CniRequest.parseFrom(out.toArray());

        assertThat(request.getProtocol()).isEqualTo(1);
        assertThat(request.getEnvironmentList())
                .extracting(variable -> variable.getName() + "=" + variable.getValue())
                .containsExactly("CNI_COMMAND=ADD", "CNI_ARGS=K8S_POD_NAME=größe;" + "x".repeat(300));
        assertThat(request.getStdin().toByteArray()).isEqualTo(Arrays.copyOf(stdin, 69_999));
        assertThat(request.getNetnsNonce().toByteArray()).isEqualTo(nonce);
        assertThat(request.getNetnsErrno()).isEqualTo(13);
        assertThat(request.getBeganNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(request.getUnknownFields().asMap()).isEmpty();
    }

    @Test
    void anEmptyRequestHasNeitherNonceNorErrnoNorTime() throws InvalidProtocolBufferException {
        Bytes out = new Bytes(100);
        CniMessages.request(out, List.of(), new byte[0], 0, 0);
        CniMessages.namespace(out, new byte[0], 0);
        CniRequest request = CniRequest.parseFrom(out.toArray());

        assertThat(request).isEqualTo(CniRequest.newBuilder().setProtocol(1).build());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 1_000_000})
    void readsWhatTheGeneratedCodeWrites(int length) throws CallFailure {
        String stdout = "ä".repeat(length / 2);
        CniAnswer answer = CniAnswer.newBuilder()
                .setProtocol(1)
                .setExitCode(1)
                .setStdout(ByteString.copyFromUtf8(stdout))
                .build();

        CniMessages.Answer read = read(answer.toByteArray());

        assertThat(read.exitCode()).isEqualTo(1);
        assertThat(new String(read.stdout(), UTF_8)).isEqualTo(stdout);
    }

    @Test
    void anEmptyAnswerIsSuccessThatPrintsNothing() throws CallFailure {
        CniMessages.Answer read = read(new byte[0]);

        assertThat(read.exitCode()).isZero();
        assertThat(read.stdout()).isEmpty();
    }

    @Test
    void skipsFieldsThatALaterIpamdAdds() throws CallFailure {
        CniAnswer answer = CniAnswer.newBuilder()
                .setExitCode(3)
                .setStdout(ByteString.copyFromUtf8("{}"))
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                9,
                                UnknownFieldSet.Field.newBuilder()
                                        .addVarint(-1)
                                        .addFixed32(7)
                                        .addFixed64(8)
                                        .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                        .build())
                        .addField(
                                100_000,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();

        CniMessages.Answer read = read(answer.toByteArray());

        assertThat(read.exitCode()).isEqualTo(3);
        assertThat(new String(read.stdout(), UTF_8)).isEqualTo("{}");
    }

    @Test
    void anAnswerOfALaterProtocolIsNotGuessedAt() {
        byte[] message = CniAnswer.newBuilder().setProtocol(2).build().toByteArray();

        assertThatThrownBy(() -> read(message))
                .isInstanceOf(CallFailure.class)
                .hasMessage("ipamd answers in version 2 of the protocol between plugin and ipamd, and this plugin knows"
                        + " version 1: install the plugin of ipamd's release");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "255,255", "256,1", "-1,1", "2147483647,1"})
    void anExitCodeThatTheKernelWouldCutIsAFailure(int said, int read) throws CallFailure {
        byte[] message = CniAnswer.newBuilder().setExitCode(said).build().toByteArray();

        assertThat(read(message).exitCode()).isEqualTo(read);
    }

    @Test
    void everyCutInsideAFieldIsTold() {
        byte[] message = CniAnswer.newBuilder()
                .setStdout(ByteString.copyFromUtf8("x".repeat(200)))
                .build()
                .toByteArray();

        for (int length = 1; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertThatThrownBy(() -> read(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(CallFailure.class)
                    .hasMessageContaining("is truncated");
        }
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        byte[][] broken = {
            {0x0b}, // a group, which proto3 has not
            {0x0f}, // wire type 7
            {0x1a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}, // a length of 2^32-1
            {0x1a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // a negative length
            {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // a varint of twelve bytes
        };
        for (byte[] message : broken) {
            assertThatThrownBy(() -> read(message))
                    .isInstanceOfSatisfying(
                            CallFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BROKEN));
        }
    }

    /// In the middle of other bytes, which must not be read.
    private static CniMessages.Answer read(byte[] message) throws CallFailure {
        byte[] around = new byte[message.length + 20];
        Arrays.fill(around, (byte) 1);
        System.arraycopy(message, 0, around, 5, message.length);
        return CniMessages.answer(around, 5, message.length);
    }
}
