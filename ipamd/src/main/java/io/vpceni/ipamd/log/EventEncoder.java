package io.vpceni.ipamd.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Writes one event as one line: `{"time":…,"level":…,"message":…,KEY:VALUE…,"logger":…}` or
/// `TIME LEVEL message key=value`.
///
/// Durations are numbers of seconds and say so in their name; numbers, booleans and lists are such in JSON, and in text
/// a list is joined by commas. A stack trace is the field `error` in JSON and follows the line in text.
final class EventEncoder extends EncoderBase<ILoggingEvent> {
    private static final Pattern NEEDS_QUOTES = Pattern.compile("[\\s\"=]|^$");

    private final JsonFactory json = new JsonFactory();
    private final boolean asJson;

    EventEncoder(boolean asJson) {
        this.asJson = asJson;
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return (asJson ? json(event) : text(event)).getBytes(UTF_8);
    }

    private String json(ILoggingEvent event) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeStringField("time", event.getInstant().toString());
            generator.writeStringField("level", event.getLevel().toString());
            generator.writeStringField("message", event.getFormattedMessage());
            for (KeyValuePair pair : pairs(event)) {
                generator.writeFieldName(name(pair));
                write(generator, pair.value);
            }
            generator.writeStringField("logger", event.getLoggerName());
            IThrowableProxy thrown = event.getThrowableProxy();
            if (thrown != null) {
                generator.writeStringField("error", ThrowableProxyUtil.asString(thrown));
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string can always be written to", e);
        }
        return out.append('\n').toString();
    }

    /// A duration is a number, so its unit is in the name: `took` becomes `tookSeconds`.
    private static String name(KeyValuePair pair) {
        return pair.value instanceof Duration ? pair.key + "Seconds" : pair.key;
    }

    private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean flag -> generator.writeBoolean(flag);
            case Duration duration -> generator.writeNumber(seconds(duration));
            case Collection<?> several -> {
                generator.writeStartArray();
                for (Object each : several) {
                    write(generator, each);
                }
                generator.writeEndArray();
            }
            default -> generator.writeString(value.toString());
        }
    }

    /// To the microsecond, without an exponent.
    private static BigDecimal seconds(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.toNanos() / 1000, 6).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case Duration duration -> seconds(duration).toPlainString();
            case Collection<?> several ->
                several.stream().map(EventEncoder::text).collect(Collectors.joining(","));
            case null, default -> String.valueOf(value);
        };
    }

    private static String text(ILoggingEvent event) {
        StringBuilder out = new StringBuilder(160)
                .append(event.getInstant())
                .append(' ')
                .append(event.getLevel())
                .append(event.getLevel().toString().length() < 5 ? "  " : " ")
                .append(event.getFormattedMessage());
        for (KeyValuePair pair : pairs(event)) {
            String value = text(pair.value);
            out.append(' ').append(name(pair)).append('=');
            if (NEEDS_QUOTES.matcher(value).find()) {
                out.append('"')
                        .append(value.replace("\"", "\\\"").replace("\n", "\\n"))
                        .append('"');
            } else {
                out.append(value);
            }
        }
        out.append('\n');
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            out.append(ThrowableProxyUtil.asString(thrown));
        }
        return out.toString();
    }

    private static List<KeyValuePair> pairs(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? List.of() : pairs;
    }
}
