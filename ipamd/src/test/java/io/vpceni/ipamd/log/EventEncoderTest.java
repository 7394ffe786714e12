package io.vpceni.ipamd.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class EventEncoderTest {
    @Test
    void jsonHasEachPairAsAField() {
        assertThat(new String(new EventEncoder(true).encode(anEvent()), UTF_8))
                .isEqualTo("{\"time\":\"2026-01-02T03:04:05Z\",\"level\":\"INFO\",\"message\":\"Attached ENI\","
                        + "\"eni\":\"eni-0123456789abcdef0\",\"index\":1,\"note\":\"two words\","
                        + "\"logger\":\"io.vpceni.Test\"}\n");
    }

    @Test
    void textQuotesWhatHasBlanks() {
        assertThat(new String(new EventEncoder(false).encode(anEvent()), UTF_8))
                .isEqualTo("2026-01-02T03:04:05Z INFO  Attached ENI eni=eni-0123456789abcdef0 index=1"
                        + " note=\"two words\"\n");
    }

    @Test
    void durationsAreNumbersOfSecondsAndListsAreLists() {
        LoggingEvent event = anEvent();
        event.addKeyValuePair(new KeyValuePair("took", Duration.ofNanos(1_234_567_890)));
        event.addKeyValuePair(new KeyValuePair("rest", Duration.ofSeconds(20)));
        event.addKeyValuePair(new KeyValuePair("none", Duration.ZERO));
        event.addKeyValuePair(new KeyValuePair("blocks", List.of("10.0.0.1/32", 2)));
        event.addKeyValuePair(new KeyValuePair("primary", true));

        assertThat(new String(new EventEncoder(true).encode(event), UTF_8))
                .contains("\"tookSeconds\":1.234567,\"restSeconds\":20,\"noneSeconds\":0,"
                        + "\"blocks\":[\"10.0.0.1/32\",2],\"primary\":true");
        assertThat(new String(new EventEncoder(false).encode(event), UTF_8))
                .contains(" tookSeconds=1.234567 restSeconds=20 noneSeconds=0 blocks=10.0.0.1/32,2 primary=true");
    }

    private static LoggingEvent anEvent() {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerContext(new LoggerContext());
        event.setLoggerName("io.vpceni.Test");
        event.setLevel(Level.INFO);
        event.setMessage("Attached ENI");
        event.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
        event.addKeyValuePair(new KeyValuePair("eni", "eni-0123456789abcdef0"));
        event.addKeyValuePair(new KeyValuePair("index", 1));
        event.addKeyValuePair(new KeyValuePair("note", "two words"));
        return event;
    }
}
