package io.vpceni.lab.linklocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class LinkLocalMessagesTest {
    private static final InetAddress EVERYTHING = InetAddress.ofLiteral("198.51.100.10");

    @Test
    void aNameIsAskedForAsRfc1035Says() {
        assertThat(HexFormat.of().formatHex(NameServer.query("a.test")))
                .isEqualTo("767001000001000000000000" + "01610474657374000001" + "0001");
    }

    @Test
    void theAnswerRepeatsTheQuestionAndHasOneAddress() {
        byte[] answer =
                NameServer.answer(NameServer.query("a.test"), EVERYTHING).orElseThrow();

        assertThat(HexFormat.of().formatHex(answer))
                .isEqualTo("767081800001000100000000" + "01610474657374000001" + "0001"
                        + "c00c000100010000003c0004c633640a");
    }

    @Test
    void anAnswerIsNotAnswered() {
        byte[] answer =
                NameServer.answer(NameServer.query("a.test"), EVERYTHING).orElseThrow();

        assertThat(NameServer.answer(answer, EVERYTHING)).isEmpty();
        assertThat(NameServer.answer(new byte[3], EVERYTHING)).isEmpty();
    }

    @Test
    void theTimeIsToldInSecondsSince1900() {
        byte[] request = new byte[48];
        request[0] = (4 << 3) | 3;
        request[47] = 9;

        byte[] answer = TimeServer.answer(request, Instant.parse("1970-01-01T00:00:01Z"))
                .orElseThrow();

        assertThat(HexFormat.of().formatHex(answer))
                .isEqualTo("2403" + "00".repeat(22) + "0000000000000009" + "83aa7e8100000000" + "83aa7e8100000000");
        assertThat(TimeServer.answer(answer, Instant.EPOCH)).isEmpty();
    }
}
