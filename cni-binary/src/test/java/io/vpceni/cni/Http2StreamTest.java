package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a peer whose bytes are written by hand.
class Http2StreamTest {
    private static final int ANSWER_MAX = 100_000;
    private static final byte[] BODY = "the answer".getBytes(UTF_8);
    private static final String[] REQUEST_HEADERS = {":method", "POST", ":path", "/x", "te", "trailers"};

    private final FakePosix posix = new FakePosix();

    @Test
    void readsHeadersDataAndTrailers() throws CallFailure {
        Http2Stream.Response response = call(usual().bytes(), 10);

        assertThat(response.body()).isEqualTo(BODY);
        assertThat(response.headers())
                .containsEntry(":status", "200")
                .containsEntry("content-type", "application/grpc")
                .containsEntry("grpc-status", "0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9, 10, 13})
    void itDoesNotMatterHowTheStreamIsCut(int bytes) throws CallFailure {
        posix.sendChunk = bytes;
        posix.connections.add(FakePosix.Connection.bringing(usual().bytes()).inPiecesOf(bytes));

        Http2Stream.Response response = call(new byte[500]);

        assertThat(response.body()).isEqualTo(BODY);
        assertThat(Frames.sentData(posix.sent.getFirst().toByteArray())).hasSize(500);
    }

    @Test
    void theRequestIsWhatAServerExpects() throws CallFailure {
        call(usual().bytes(), 40_000);

        byte[] sent = posix.sent.getFirst().toByteArray();
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
                .data(BODY)
                .trailers("grpc-status", "0")
                .bytes();

        call(peer, 100_000);

        assertThat(Frames.sent(posix.sent.getFirst().toByteArray()).stream()
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
                .data(BODY)
                .trailers("grpc-status", "0")
                .bytes();

        call(peer, 65_545);

        assertThat(Frames.sent(posix.sent.getFirst().toByteArray()).stream()
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
                .data(BODY)
                .trailers("grpc-status", "0")
                .bytes();

        call(peer, 105_535);

        assertThat(Frames.sent(posix.sent.getFirst().toByteArray()).stream()
                        .filter(frame -> frame.type() == Frames.DATA)
                        .map(frame -> frame.payload().length))
                .containsExactly(16_384, 16_384, 16_384, 16_383, 20_000, 20_000);
    }

    @ParameterizedTest
    @CsvSource({"5,16383", "5,16777216", "5,-1", "4,-1", "4,-2147483648"})
    void settingsOutOfTheirRangeAreRefused(int identifier, int value) {
        assertThat(failure(new Frames().settings(identifier, value).bytes()).kind())
                .isEqualTo(CallFailure.Kind.BROKEN);
    }

    @Test
    void settingsAndPingsAreAcknowledgedOnce() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .frame(Frames.SETTINGS, Frames.ACK, 0)
                .frame(Frames.PING, 0, 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte)
                        8)
                .frame(Frames.PING, Frames.ACK, 0, new byte[8])
                .raw(usual().bytes())
                .bytes();

        call(peer, 10);

        var sent = Frames.sent(posix.sent.getFirst().toByteArray());
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
    void aPeerThatStopsBeforeOurStreamIsAway() {
        byte[] peer =
                new Frames().settings().frame(Frames.GOAWAY, 0, 0, new byte[8]).bytes();

        assertThat(failure(peer)).hasMessageContaining("GOAWAY").satisfies(Http2StreamTest::isAway);
    }

    @Test
    void aPeerThatStopsAfterOurStreamStillAnswersIt() throws CallFailure {
        byte[] goAway = {0x7f, -1, -1, -1, 0, 0, 0, 0, 'm', 'a', 'x'};
        byte[] peer = new Frames()
                .frame(Frames.GOAWAY, 0, 0, goAway)
                .frame(Frames.GOAWAY, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte)
                        0)
                .raw(usual().bytes())
                .bytes();

        assertThat(call(peer, 10).body()).isEqualTo(BODY);
    }

    @ParameterizedTest
    @CsvSource({"7,AWAY", "8,AWAY", "0,BROKEN", "1,BROKEN", "2,BROKEN", "11,BROKEN", "12345,BROKEN"})
    void aResetSaysWhetherAnotherTryHelps(int code, CallFailure.Kind kind) {
        byte[] peer = new Frames()
                .settings()
                .frame(Frames.RST_STREAM, 0, 1, Frames.number(code))
                .bytes();

        CallFailure failure = failure(peer);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("RST_STREAM " + code);
    }

    @Test
    void aResetOfAnotherStreamIsNotOurs() throws CallFailure {
        byte[] peer = new Frames()
                .frame(Frames.RST_STREAM, 0, 3, Frames.number(2))
                .raw(usual().bytes())
                .bytes();

        assertThat(call(peer, 10).body()).isEqualTo(BODY);
    }

    @Test
    void headersMayContinue() throws CallFailure {
        Frames peer = new Frames();
        byte[] block = peer.block(":status", "200", "long", "x".repeat(5_000));
        peer.frame(Frames.HEADERS, 0, 1, Arrays.copyOfRange(block, 0, 3))
                .frame(Frames.CONTINUATION, 0, 1, Arrays.copyOfRange(block, 3, 2_000))
                .frame(Frames.CONTINUATION, 0, 1)
                .frame(Frames.CONTINUATION, Frames.END_HEADERS, 1, Arrays.copyOfRange(block, 2_000, block.length))
                .data(BODY)
                .trailers("grpc-status", "0");

        assertThat(call(peer.bytes(), 10).headers()).containsEntry("long", "x".repeat(5_000));
    }

    @Test
    void paddingAndPriorityAreNotContent() throws CallFailure {
        Frames peer = new Frames();
        byte[] block = peer.block(":status", "200");
        byte[] headers = new byte[1 + 5 + block.length + 7];
        headers[0] = 7;
        System.arraycopy(block, 0, headers, 6, block.length);
        byte[] data = new byte[1 + BODY.length + 255];
        data[0] = (byte) 255;
        System.arraycopy(BODY, 0, data, 1, BODY.length);
        peer.frame(Frames.HEADERS, Frames.END_HEADERS | Frames.PADDED | Frames.PRIORITY_FLAG, 1, headers)
                .frame(Frames.DATA, Frames.PADDED, 1, data)
                .trailers("grpc-status", "0");

        Http2Stream.Response response = call(peer.bytes(), 10);

        assertThat(response.body()).isEqualTo(BODY);
        assertThat(response.headers()).containsEntry(":status", "200");
    }

    @Test
    void anAnswerOfTrailersOnlyIsAnAnswer() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", "12")
                .bytes();

        Http2Stream.Response response = call(peer, 10);

        assertThat(response.headers()).containsEntry("grpc-status", "12");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void anAnswerBeforeTheRequestIsThroughEndsTheCall() throws CallFailure {
        byte[] peer = new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", "8")
                .bytes();

        assertThat(call(peer, 1_000_000).headers()).containsEntry("grpc-status", "8");
    }

    @Test
    void unknownFrameTypesAreIgnored() throws CallFailure {
        byte[] peer = new Frames()
                .frame(0xfa, 0xff, 7, new byte[300])
                .frame(Frames.PRIORITY, 0, 1, new byte[5])
                .raw(usual().bytes())
                .bytes();

        assertThat(call(peer, 10).body()).isEqualTo(BODY);
    }

    @Test
    void aFrameThatWeDidNotAllowIsRefused() {
        assertThat(failure(Frames.head(16_385, Frames.DATA, 0, 1)))
                .hasMessageContaining("16385 bytes")
                .satisfies(Http2StreamTest::isBroken);
    }

    @Test
    void anAnswerIsReadUpToItsBoundAndRefusedBeyond() throws CallFailure {
        Frames most = new Frames().responseHeaders();
        for (int i = 0; i < 10; i++) {
            most.data(new byte[ANSWER_MAX / 10]);
        }
        byte[] upToHere = most.bytes();

        assertThat(call(new Frames().raw(upToHere).trailers("grpc-status", "0").bytes(), 10)
                        .body())
                .hasSize(ANSWER_MAX);
        assertThat(failure(new Frames().raw(upToHere).data(new byte[1]).bytes()))
                .hasMessageContaining("more than 100000 bytes")
                .satisfies(Http2StreamTest::isBroken);
    }

    @Test
    void thePeersWindowReachesBeyondTheBoundSoThatItIsNotStalled() throws CallFailure {
        call(usual().bytes(), 10);

        var window = Frames.sent(posix.sent.getFirst().toByteArray()).stream()
                .filter(frame -> frame.type() == Frames.WINDOW_UPDATE)
                .toList();
        assertThat(window)
                .singleElement()
                .satisfies(frame -> assertThat(
                                java.nio.ByteBuffer.wrap(frame.payload()).getInt())
                        .isGreaterThan(ANSWER_MAX));
    }

    @Test
    void headersHaveABound() {
        Frames large = new Frames();
        large.frame(Frames.HEADERS, 0, 1, large.block("a", "x".repeat(15_000)))
                .frame(Frames.CONTINUATION, 0, 1, new byte[16_000]);
        // one byte of block each, 100 bytes of header: the table's entry, again and again
        Frames bomb = new Frames();
        byte[] first = bomb.block("a", "y".repeat(100));
        byte[] block = Arrays.copyOf(first, first.length + 4_000);
        Arrays.fill(block, first.length, block.length, (byte) (0x80 | 62));
        bomb.frame(Frames.HEADERS, Frames.END_HEADERS, 1, block);

        assertThat(failure(large.bytes())).hasMessageContaining("bytes of headers");
        assertThat(failure(bomb.bytes())).hasMessageContaining("bytes of headers");
    }

    @Test
    void framesThatBreakTheRulesAreRefused() {
        byte[][] peers = {
            new Frames().frame(Frames.CONTINUATION, Frames.END_HEADERS, 1).bytes(),
            new Frames().frame(Frames.HEADERS, 0, 1).frame(Frames.DATA, 0, 1).bytes(),
            new Frames()
                    .frame(Frames.HEADERS, 0, 1)
                    .frame(Frames.CONTINUATION, 4, 3)
                    .bytes(),
            new Frames()
                    .frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 3)
                    .bytes(),
            new Frames().frame(Frames.DATA, Frames.END_STREAM, 3).bytes(),
            new Frames().frame(Frames.DATA, Frames.PADDED, 1).bytes(),
            new Frames().frame(Frames.DATA, Frames.PADDED, 1, (byte) 1).bytes(),
            new Frames()
                    .frame(Frames.HEADERS, Frames.PRIORITY_FLAG | Frames.END_HEADERS, 1, new byte[4])
                    .bytes(),
            new Frames().frame(Frames.SETTINGS, 0, 0, new byte[5]).bytes(),
            new Frames().frame(Frames.PING, 0, 0, new byte[7]).bytes(),
            new Frames().frame(Frames.RST_STREAM, 0, 1, new byte[3]).bytes(),
            new Frames().frame(Frames.GOAWAY, 0, 0, new byte[7]).bytes(),
            new Frames().frame(Frames.PUSH_PROMISE, 4, 1, Frames.number(2)).bytes(),
            new Frames()
                    .frame(Frames.HEADERS, Frames.END_HEADERS, 1, (byte) 0x80)
                    .bytes(),
            new Frames()
                    .frame(Frames.HEADERS, Frames.END_HEADERS, 1, (byte) 0xff, (byte) 0x7f)
                    .bytes(),
        };
        for (byte[] peer : peers) {
            assertThat(failure(peer))
                    .as(java.util.HexFormat.of().formatHex(peer))
                    .satisfies(Http2StreamTest::isBroken);
        }
        byte[] narrow =
                new Frames().frame(Frames.WINDOW_UPDATE, 0, 0, new byte[3]).bytes();
        assertThat(failure(narrow)).satisfies(Http2StreamTest::isBroken);
    }

    @Test
    void aStreamThatIsCutAnywhereIsAway() {
        byte[] whole = usual().bytes();
        for (int length = 0; length < whole.length; length++) {
            assertThat(failure(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .hasMessageContaining("closed the connection")
                    .satisfies(Http2StreamTest::isAway);
        }
    }

    @Test
    void aConnectionThatBreaksIsAwayAndSilenceIsTryLater() {
        byte[] begin = new Frames().settings().bytes();
        posix.connections.add(FakePosix.Connection.bringing(begin).thenFailingWith(104));
        posix.connections.add(FakePosix.Connection.bringing(begin).thenFailingWith(Posix.ETIMEDOUT));

        assertThat(failure()).hasMessageContaining("errno 104").satisfies(Http2StreamTest::isAway);
        assertThat(failure().kind()).isEqualTo(CallFailure.Kind.TRY_LATER);
    }

    @Test
    void aPeerThatOnlyTricklesMeetsTheDeadlineToo() {
        Posix slow = new ForwardingPosix(posix) {
            @Override
            public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
                posix.now += 10;
                return super.receive(descriptor, buffer, from, timeoutMillis);
            }
        };
        Frames peer = new Frames();
        for (int i = 0; i < 1_000; i++) {
            peer.frame(Frames.PING, Frames.ACK, 0, new byte[8]);
        }
        posix.connections.add(FakePosix.Connection.bringing(peer.bytes()).inPiecesOf(1));

        CallFailure failure = failure(slow);

        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.TRY_LATER);
        assertThat(failure).hasMessageContaining("in time");
    }

    @Test
    void garbageNeverBecomesAnythingButACallFailure() {
        byte[] whole = usual().bytes();
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = whole.clone();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
            }
            posix.connections.add(FakePosix.Connection.bringing(garbage));
            try {
                call(new byte[10]);
            } catch (CallFailure e) {
                assertThat(e).hasMessageContaining("ipamd");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static Frames usual() {
        return new Frames().settings(3, 100).responseHeaders().data(BODY).trailers("grpc-status", "0");
    }

    private static void isAway(CallFailure failure) {
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.AWAY);
    }

    private static void isBroken(CallFailure failure) {
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BROKEN);
    }

    private CallFailure failure(byte[] peer) {
        posix.connections.add(FakePosix.Connection.bringing(peer));
        return failure();
    }

    private CallFailure failure() {
        return failure(posix);
    }

    private CallFailure failure(Posix on) {
        return java.util.Objects.requireNonNull(
                catchThrowableOfType(CallFailure.class, () -> call(on, new byte[10])), "the call succeeded");
    }

    private Http2Stream.Response call(byte[] peer, int requestBytes) throws CallFailure {
        posix.connections.add(FakePosix.Connection.bringing(peer));
        return call(new byte[requestBytes]);
    }

    private Http2Stream.Response call(byte[] request) throws CallFailure {
        return call(posix, request);
    }

    private static Http2Stream.Response call(Posix posix, byte[] request) throws CallFailure {
        int connection = posix.connect("/ipamd.sock");
        try {
            return new Http2Stream(new Wire(posix, connection, posix.monotonicMillis() + 5_000), ANSWER_MAX)
                    .call(REQUEST_HEADERS, request);
        } finally {
            posix.close(connection);
        }
    }
}
