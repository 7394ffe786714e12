package io.vpceni.eni;

import java.util.List;
import java.util.Optional;
import org.slf4j.spi.LoggingEventBuilder;

/// For which requests of the pool the current thread works, so that each line of the log names them in the field
/// `request` (docs/logs.md). One search then shows a request from the pool's wish to the id that EC2 gave its call.
public final class RequestScope {

    /// The field of a line of the log.
    public static final String FIELD = "request";

    private static final ScopedValue<List<Long>> REQUESTS = ScopedValue.newInstance();

    private RequestScope() {}

    /// Does some work for those requests.
    ///
    /// @param requests their numbers; empty for none
    public static <T, X extends Throwable> T call(
            List<Long> requests, ScopedValue.CallableOp<? extends T, ? extends X> work) throws X {
        return ScopedValue.where(REQUESTS, List.copyOf(requests)).call(work);
    }

    /// Does some work for those requests.
    ///
    /// @param requests their numbers; empty for none
    public static void run(List<Long> requests, Runnable work) {
        ScopedValue.where(REQUESTS, List.copyOf(requests)).run(work);
    }

    /// The line with the current thread's requests.
    public static LoggingEventBuilder mark(LoggingEventBuilder line) {
        return mark(line, requests());
    }

    /// The current thread's requests; none outside of [#call].
    public static List<Long> requests() {
        return REQUESTS.isBound() ? REQUESTS.get() : List.of();
    }

    /// The line with those requests.
    public static LoggingEventBuilder mark(LoggingEventBuilder line, List<Long> requests) {
        return value(requests).map(value -> line.addKeyValue(FIELD, value)).orElse(line);
    }

    /// The value of the field: a number, a list of numbers when several requests are served at once, nothing
    /// for none.
    public static Optional<Object> value(List<Long> requests) {
        return switch (requests.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(requests.getFirst());
            default -> Optional.of(requests);
        };
    }
}
