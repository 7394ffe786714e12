package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A peer that keeps to the rules, in all the ways that they allow.
class Http2StreamTest {
    private final HandFedCall call = new HandFedCall();

    @Test
    void readsHeadersDataAndTrailers() throws CallFailure {
        HandFedCall.Answer response = call.answer(HandFedCall.usual().bytes(), 10);

        assertThat(response.body()).isEqualTo(HandFedCall.body());
        assertThat(response.headers())
                .containsEntry(":status", "200")
                .containsEntry("content-type", "application/grpc")
                .containsEntry("grpc-status", "0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9, 10, 13})
    void itDoesNotMatterHowTheStreamIsCut(int bytes) throws CallFailure {
        call.posix.sendChunk = bytes;
        call.posix.connections.add(
                FakePosix.Connection.bringing(HandFedCall.usual().bytes()).inPiecesOf(bytes));

        HandFedCall.Answer response = HandFedCall.answer(call.posix, new byte[500]);

        assertThat(response.body()).isEqualTo(HandFedCall.body());
        assertThat(Frames.sentData(call.posix.sent.getFirst().toByteArray())).hasSize(500);
    }

    @Test
    void theRequestIsWhatAServerExpects() throws CallFailure {
        call.answer(HandFedCall.usual().bytes(), 40_000);

        byte[] sent = call.posix.sent.getFirst().toByteArray();
        assertThat(new String(sent, 0, 24, UTF_8)).isEqualTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertThat(Frames.sent(sent))
                .extracting(Frames.Sent::type)
                .startsWith(Frames.SETTINGS, Frames.WINDOW_UPDATE, Frames.HEADERS, Frames.DATA)
                .endsWith(Frames.SETTINGS);
        assertThat(Frames.sentHeaders(sent))
                .containsExactly(
                        java.util.Map.entry(":method", "POST"),
                        java.util.Map.entry(":path", "/x"),
                        java.util.Map.entry("te", "trailers"));
        var data = Frames.sent(sent).stream()
                .filter(frame -> frame.type() == Frames.DATA)
                .toList();
        assertThat(data).extracting(frame -> frame.payload().length).containsExactly(16_384, 16_384, 7_232);
        assertThat(data).extracting(Frames.Sent::flags).containsExactly(0, 0, Frames.END_STREAM);
    }

    @Test
    void sendsNoMoreThanThePeersWindows() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .windowUpdate(1, 1_000_000)
                .windowUpdate(0, 10_000)
                .windowUpdate(0, 1_000_000)
                .responseHeaders()
                .data(HandFedCall.body())
                .trailers("grpc-status", "0")
                .bytes();

        call.answer(peer, 100_000);

        assertThat(Frames.sent(call.posix.sent.getFirst().toByteArray()).stream()
                        .filter(frame -> frame.type() == Frames.DATA)
                        .map(frame -> frame.payload().length))
                // 65,535 to begin with, then 10,000, then the rest
                .containsExactly(16_384, 16_384, 16_384, 16_383, 10_000, 16_384, 8_081);
    }

    @Test
    void aWindowMadeSmallerWhileDataIsUnderWayMayBecomeNegative() throws CallFailure {
        byte[] peer = new Frames()
                .settings(4, 0) // 65,535 are sent: the stream's window is -65,535 now
                .windowUpdate(0, 1_000_000)
                .windowUpdate(1, 65_535)
                .windowUpdate(1, 5)
                .settings(4, 100_000)
                .responseHeaders()
                .data(HandFedCall.body())
                .trailers("grpc-status", "0")
                .bytes();

        call.answer(peer, 65_545);

        assertThat(Frames.sent(call.posix.sent.getFirst().toByteArray()).stream()
                        .filter(frame -> frame.type() == Frames.DATA)
                        .map(frame -> frame.payload().length))
                .containsExactly(16_384, 16_384, 16_384, 16_383, 5, 5);
    }

    @Test
    void usesLargerFramesOnceThePeerTakesThem() throws CallFailure {
        byte[] peer = new Frames()
                .settings(5, 20_000, 4, 1_000_000, 99, 7)
                .windowUpdate(0, 1_000_000)
                .responseHeaders()
                .data(HandFedCall.body())
                .trailers("grpc-status", "0")
                .bytes();

        call.answer(peer, 105_535);

        assertThat(Frames.sent(call.posix.sent.getFirst().toByteArray()).stream()
                        .filter(frame -> frame.type() == Frames.DATA)
                        .map(frame -> frame.payload().length))
                .containsExactly(16_384, 16_384, 16_384, 16_383, 20_000, 20_000);
    }

    @Test
    void settingsAndPingsAreAcknowledgedOnce() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .frame(Frames.SETTINGS, Frames.ACK, 0)
                .frame(Frames.PING, 0, 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte)
                        8)
                .frame(Frames.PING, Frames.ACK, 0, new byte[8])
                .raw(HandFedCall.usual().bytes())
                .bytes();

        call.answer(peer, 10);

        var sent = Frames.sent(call.posix.sent.getFirst().toByteArray());
        assertThat(sent.stream().filter(frame -> frame.type() == Frames.PING))
                .singleElement()
                .satisfies(frame -> {
                    assertThat(frame.flags()).isEqualTo(Frames.ACK);
                    assertThat(frame.payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
                });
        assertThat(sent.stream().filter(frame -> frame.type() == Frames.SETTINGS && frame.flags() == Frames.ACK))
                .hasSize(2);
    }

    @Test
    void aPeerThatStopsAfterOurStreamStillAnswersIt() throws CallFailure {
        byte[] goAway = {0x7f, -1, -1, -1, 0, 0, 0, 0, 'm', 'a', 'x'};
        byte[] peer = new Frames()
                .frame(Frames.GOAWAY, 0, 0, goAway)
                .frame(Frames.GOAWAY, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte)
                        0)
                .raw(HandFedCall.usual().bytes())
                .bytes();

        assertThat(call.answer(peer, 10).body()).isEqualTo(HandFedCall.body());
    }

    @Test
    void aResetOfAnotherStreamIsNotOurs() throws CallFailure {
        byte[] peer = new Frames()
                .frame(Frames.RST_STREAM, 0, 3, Frames.number(2))
                .raw(HandFedCall.usual().bytes())
                .bytes();

        assertThat(call.answer(peer, 10).body()).isEqualTo(HandFedCall.body());
    }

    @Test
    void headersMayContinue() throws CallFailure {
        Frames peer = new Frames();
        byte[] block = peer.block(":status", "200", "long", "x".repeat(5_000));
        peer.frame(Frames.HEADERS, 0, 1, Arrays.copyOfRange(block, 0, 3))
                .frame(Frames.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 3, 2_000))
                .frame(Frames.CONTINUATION, 0, 1)
                .frame(Frames.CONTINUATION, Frames.END_HEADERS, 1, Arrays.copyOfRange(block, 2_000, block.length))
                .data(HandFedCall.body())
                .trailers("grpc-status", "0");

        assertThat(call.answer(peer.bytes(), 10).headers()).containsEntry("long", "x".repeat(5_000));
    }

    @Test
    void paddingAndPriorityAreNotContent() throws CallFailure {
        Frames peer = new Frames();
        byte[] block = peer.block(":status", "200");
        byte[] headers = new byte[1 + 5 + block.length + 7];
        headers[0] = 7;
        System.arraycopy(block, 0, headers, 6, block.length);
        byte[] data = new byte[1 + HandFedCall.body().length + 255];
        data[0] = (byte) 255;
        System.arraycopy(HandFedCall.body(), 0, data, 1, HandFedCall.body().length);
        peer.frame(Frames.HEADERS, Frames.END_HEADERS | Frames.PADDED | Frames.PRIORITY_FLAG, 1, headers)
                .frame(Frames.DATA, Frames.PADDED, 1, data)
                .trailers("grpc-status", "0");

        HandFedCall.Answer response = call.answer(peer.bytes(), 10);

        assertThat(response.body()).isEqualTo(HandFedCall.body());
        assertThat(response.headers()).containsEntry(":status", "200");
    }

    @Test
    void anAnswerOfTrailersOnlyIsAnAnswer() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", "12")
                .bytes();

        HandFedCall.Answer response = call.answer(peer, 10);

        assertThat(response.headers()).containsEntry("grpc-status", "12");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void anAnswerBeforeTheRequestIsThroughEndsTheCall() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", "8")
                .bytes();

        assertThat(call.answer(peer, 1_000_000).headers()).containsEntry("grpc-status", "8");
    }

    @Test
    void unknownFrameTypesAreIgnored() throws CallFailure {
        byte[] peer = new Frames()
                .frame(0xfa, 0xff, 7, new byte[300])
                .frame(Frames.PRIORITY, 0, 1, new byte[5])
                .raw(HandFedCall.usual().bytes())
                .bytes();

        assertThat(call.answer(peer, 10).body()).isEqualTo(HandFedCall.body());
    }

    @Test
    void anAnswerIsReadUpToItsBoundAndRefusedBeyond() throws CallFailure {
        Frames most = new Frames().responseHeaders();
        for (int i = 0; i < 10; i++) {
            most.data(new byte[HandFedCall.ANSWER_MAX / 10]);
        }
        byte[] upToHere = most.bytes();

        assertThat(call.answer(
                                new Frames()
                                        .raw(upToHere)
                                        .trailers("grpc-status", "0")
                                        .bytes(),
                                10)
                        .body())
                .hasSize(HandFedCall.ANSWER_MAX);
        assertThat(call.failure(new Frames().raw(upToHere).data(new byte[1]).bytes()))
                .hasMessageContaining("more than 100000 bytes")
                .satisfies(Http2StreamTest::isBroken);
    }

    @Test
    void thePeersWindowReachesBeyondTheBoundSoThatItIsNotStalled() throws CallFailure {
        call.answer(HandFedCall.usual().bytes(), 10);

        var window = Frames.sent(call.posix.sent.getFirst().toByteArray()).stream()
                .filter(frame -> frame.type() == Frames.WINDOW_UPDATE)
                .toList();
        assertThat(window)
                .singleElement()
                .satisfies(frame -> assertThat(
                                java.nio.ByteBuffer.wrap(frame.payload()).getInt())
                        .isGreaterThan(HandFedCall.ANSWER_MAX));
    }

    private static void isBroken(CallFailure failure) {
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BROKEN);
    }
}
