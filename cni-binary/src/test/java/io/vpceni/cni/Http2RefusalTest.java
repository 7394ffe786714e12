package io.vpceni.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A peer that refuses, stops, breaks off or breaks the rules.
class Http2RefusalTest {
    private final HandFedCall call = new HandFedCall();

    @ParameterizedTest
    @CsvSource({"5,16383", "5,16777216", "5,-1", "4,-1", "4,-2147483648"})
    void settingsOutOfTheirRangeAreRefused(int identifier, int value) {
        assertThat(call.failure(new Frames().settings(identifier, value).bytes())
                        .kind())
                .isEqualTo(CallFailure.Kind.BROKEN);
    }

    @Test
    void aPeerThatStopsBeforeOurStreamIsAway() {
        byte[] peer =
                new Frames().settings().frame(Frames.GOAWAY, 0, 0, new byte[8]).bytes();

        assertThat(call.failure(peer)).hasMessageContaining("GOAWAY").satisfies(Http2RefusalTest::isAway);
    }

    @ParameterizedTest
    @CsvSource({"7,AWAY", "8,AWAY", "0,BROKEN", "1,BROKEN", "2,BROKEN", "11,BROKEN", "12345,BROKEN"})
    void aResetSaysWhetherAnotherTryHelps(int code, CallFailure.Kind kind) {
        byte[] peer = new Frames()
                .settings()
                .frame(Frames.RST_STREAM, 0, 1, Frames.number(code))
                .bytes();

        CallFailure failure = call.failure(peer);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("RST_STREAM " + code);
    }

    @Test
    void aFrameThatWeDidNotAllowIsRefused() {
        assertThat(call.failure(Frames.head(16_385, Frames.DATA, 0, 1)))
                .hasMessageContaining("16385 bytes")
                .satisfies(Http2RefusalTest::isBroken);
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

        assertThat(call.failure(large.bytes())).hasMessageContaining("bytes of headers");
        assertThat(call.failure(bomb.bytes())).hasMessageContaining("bytes of headers");
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
            assertThat(call.failure(peer))
                    .as(java.util.HexFormat.of().formatHex(peer))
                    .satisfies(Http2RefusalTest::isBroken);
        }
        byte[] narrow =
                new Frames().frame(Frames.WINDOW_UPDATE, 0, 0, new byte[3]).bytes();
        assertThat(call.failure(narrow)).satisfies(Http2RefusalTest::isBroken);
    }

    @Test
    void aStreamThatIsCutAnywhereIsAway() {
        byte[] whole = HandFedCall.usual().bytes();
        for (int length = 0; length < whole.length; length++) {
            assertThat(call.failure(Arrays.copyOf(whole, length)))
                    .as("cut at %d", length)
                    .hasMessageContaining("closed the connection")
                    .satisfies(Http2RefusalTest::isAway);
        }
    }

    @Test
    void aConnectionThatBreaksIsAwayAndSilenceIsTryLater() {
        byte[] begin = new Frames().settings().bytes();
        call.posix.connections.add(FakePosix.Connection.bringing(begin).thenFailingWith(104));
        call.posix.connections.add(FakePosix.Connection.bringing(begin).thenFailingWith(Posix.ETIMEDOUT));

        assertThat(HandFedCall.failure(call.posix))
                .hasMessageContaining("errno 104")
                .satisfies(Http2RefusalTest::isAway);
        assertThat(HandFedCall.failure(call.posix).kind()).isEqualTo(CallFailure.Kind.TRY_LATER);
    }

    @Test
    void aPeerThatOnlyTricklesMeetsTheDeadlineToo() {
        Posix slow = new ForwardingPosix(call.posix) {
            @Override
            public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
                call.posix.now += 10;
                return super.receive(descriptor, buffer, from, timeoutMillis);
            }
        };
        Frames peer = new Frames();
        for (int i = 0; i < 1_000; i++) {
            peer.frame(Frames.PING, Frames.ACK, 0, new byte[8]);
        }
        call.posix.connections.add(FakePosix.Connection.bringing(peer.bytes()).inPiecesOf(1));

        CallFailure failure = HandFedCall.failure(slow);

        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.TRY_LATER);
        assertThat(failure).hasMessageContaining("in time");
    }

    @Test
    void garbageNeverBecomesAnythingButACallFailure() {
        byte[] whole = HandFedCall.usual().bytes();
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = whole.clone();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
            }
            call.posix.connections.add(FakePosix.Connection.bringing(garbage));
            try {
                HandFedCall.answer(call.posix, new byte[10]);
            } catch (CallFailure e) {
                assertThat(e).hasMessageContaining("ipamd");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void isBroken(CallFailure failure) {
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BROKEN);
    }

    private static void isAway(CallFailure failure) {
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.AWAY);
    }
}
