package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against grpc-java.
@Timeout(60)
class IpamdCallTest {
    private static final long WAIT_MILLIS = 20_000;

    @TempDir
    private Path directory;

    private final JvmPosix posix = new JvmPosix();

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 65_535, 65_536, 900_000})
    void carriesRequestAndAnswerWhateverTheirSize(int bytes) throws CallFailure {
        byte[] stdin = new byte[bytes];
        Arrays.fill(stdin, (byte) 'x');
        try (GrpcPeer peer = new GrpcPeer(socket(), IpamdCallTest::echo)) {
            CniMessages.Answer answer = call(stdin);

            assertThat(answer.exitCode()).isZero();
            assertThat(answer.stdout()).isEqualTo(stdin);
            assertThat(peer.requests)
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.getEnvironment(0).getValue()).isEqualTo("ADD"));
        }
    }

    @Test
    void anAnswerMayHaveFourMebibytes() throws CallFailure {
        int almost = (4 << 20) - 20;
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answerOf(almost))) {
            assertThat(call(new byte[0]).stdout()).hasSize(almost);
            assertThat(peer.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4 << 20, 5 << 20, 9 << 20})
    void aLargerAnswerIsRefusedAtOnceAndNotWaitedFor(int bytes) {
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answerOf(bytes))) {
            CallFailure failure = failure(WAIT_MILLIS);

            assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BROKEN);
            assertThat(failure).hasMessageContaining("more than 4194309 bytes");
            assertThat(peer.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE,AWAY",
        "CANCELLED,AWAY",
        "DEADLINE_EXCEEDED,TRY_LATER",
        "RESOURCE_EXHAUSTED,TRY_LATER",
        "INTERNAL,BROKEN",
        "UNKNOWN,BROKEN",
        "UNIMPLEMENTED,BROKEN"
    })
    void aStatusComesWithItsText(Status.Code code, CallFailure.Kind kind) {
        String text = "100 % größer\nals erlaubt: 日本";
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> {
            throw code.toStatus().withDescription(text).asRuntimeException();
        })) {
            CallFailure failure = failure(WAIT_MILLIS);

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContaining("gRPC status " + code.value() + ": " + text);
            assertThat(peer.requests).hasSize(1);
        }
    }

    @Test
    void aServerThatStopsLetsARunningCallEnd() throws CallFailure {
        List<GrpcPeer> itself = new ArrayList<>();
        try (GrpcPeer peer = new GrpcPeer(socket(), request -> {
            itself.getFirst().shutDown(); // GOAWAY goes out before the answer
            return echo(request);
        })) {
            itself.add(peer);

            assertThat(new String(call("still".getBytes(UTF_8)).stdout(), UTF_8))
                    .isEqualTo("still");
        }
    }

    @Test
    void aServerThatIsKilledIsAway() {
        List<GrpcPeer> itself = new ArrayList<>();
        CountDownLatch never = new CountDownLatch(1);
        try (GrpcPeer peer = new GrpcPeer(socket(), request -> {
            itself.getFirst().shutDownNow();
            awaitUninterrupted(never);
            return echo(request);
        })) {
            itself.add(peer);

            assertThat(failure(WAIT_MILLIS).kind()).isEqualTo(CallFailure.Kind.AWAY);
            never.countDown();
        }
    }

    @Test
    void aServerThatDoesNotAnswerEndsTheCallAtItsDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        try (GrpcPeer peer = new GrpcPeer(socket(), request -> {
            awaitUninterrupted(never);
            return echo(request);
        })) {
            // Whichever end sees its clock run out first: our timeout, or the server's RST_STREAM (CANCEL).
            assertThat(failure(200).kind()).isIn(CallFailure.Kind.TRY_LATER, CallFailure.Kind.AWAY);
            assertThat(peer.requests).hasSizeLessThan(2);
            never.countDown();
        }
    }

    @Test
    void aPluginOutlivesARestartOfIpamd() {
        posix.environment.put("CNI_COMMAND", "ADD");
        posix.environment.put("CNI_NETNS", "/proc/self/ns/net");
        posix.stdin = ("{\"cniVersion\":\"1.0.0\",\"ipamdSocket\":\"" + socket() + "\"}").getBytes(UTF_8);
        List<GrpcPeer> second = new ArrayList<>();
        posix.whileAsleep = () -> {
            if (second.isEmpty()) {
                second.add(new GrpcPeer(
                        socket(),
                        request -> CniAnswer.newBuilder()
                                .setStdout(request.getNetnsNonce())
                                .build()));
            }
        };

        int exitCode = new Plugin(posix).run();
        second.forEach(GrpcPeer::close);

        assertThat(exitCode).isZero();
        assertThat(posix.noncesHandedOver).singleElement().isEqualTo(posix.stdout.toByteArray());
    }

    private Path socket() {
        return directory.resolve("ipamd.sock");
    }

    private CniMessages.Answer call(byte[] stdin) throws CallFailure {
        return call(stdin, WAIT_MILLIS);
    }

    private CniMessages.Answer call(byte[] stdin, long waitMillis) throws CallFailure {
        IpamdCall call = new IpamdCall(
                posix,
                socket().toString(),
                List.of(new CniMessages.EnvironmentVariable("CNI_COMMAND", "ADD")),
                stdin,
                stdin.length,
                0);
        return call.over(call.connect(), new byte[0], waitMillis);
    }

    private CallFailure failure(long waitMillis) {
        return Objects.requireNonNull(
                catchThrowableOfType(CallFailure.class, () -> call(new byte[0], waitMillis)), "the call succeeded");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static CniAnswer echo(CniRequest request) {
        return CniAnswer.newBuilder().setStdout(request.getStdin()).build();
    }

    private static CniAnswer answerOf(int bytes) {
        return CniAnswer.newBuilder()
                .setStdout(ByteString.copyFrom(new byte[bytes]))
                .build();
    }
}
