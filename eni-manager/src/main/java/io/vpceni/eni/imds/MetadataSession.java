package io.vpceni.eni.imds;

import io.vpceni.config.Backoff;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.ImdsFailure.Kind;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.imds.ImdsMeter.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads keys with an IMDSv2 session token, which is fetched by PUT and renewed before it expires and when it is
/// refused.
///
/// On `HttpURLConnection`, which the AWS SDK's HTTP client uses anyway. Measured against a local server on JDK 25 (C1,
/// serial GC): 49 MiB resident after the first four requests; with `java.net.http` 78 MiB and about twice the time.
final class MetadataSession {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

    /// The longest lifetime that IMDS grants.
    private static final Duration TOKEN_LIFE = Duration.ofHours(6);

    /// A token is renewed when this part of its lifetime is left, so that it does not expire during a read.
    private static final int TOKEN_RESERVE_DIVISOR = 10;

    /// Just after an instance's start IMDS refuses requests for a moment; it also drops what exceeds 1024
    /// packets a second. Requests that are repeated anyway get fewer attempts.
    static final int ATTEMPTS_MAX = 6;

    private static final int ATTEMPTS_ENDING = 2;

    /// The second attempt is for an IMDS that was enabled a moment ago.
    private static final int ATTEMPTS_REFUSED = 2;

    /// The number of attempts ends it before the cap.
    private static final Backoff DELAYS = Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(10));

    /// Far more than any value has.
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private record Answer(String text, int status, String tokenLife) {}

    private record Token(String value, Instant renewAt) {}

    private final URI endpoint;

    private final Duration readTimeout;

    private final InstantSource time;

    private final Sleeper pause;

    private final ImdsMeter meter;

    private final RequestBudget budget = new RequestBudget();

    private final ReentrantLock renewing = new ReentrantLock();

    private volatile @Nullable Token token;

    MetadataSession(URI endpoint, InstantSource time, Sleeper pause, ImdsMeter meter, Duration readTimeout) {
        this.endpoint = endpoint;
        this.readTimeout = readTimeout;
        this.time = time;
        this.pause = pause;
        this.meter = meter;
    }

    /// The value of a key; empty when there is no such key.
    Optional<String> get(String key) throws ImdsFailure {
        int attempts = ImdsMeter.Path.of(key) == ImdsMeter.Path.ENDING ? ATTEMPTS_ENDING : ATTEMPTS_MAX;
        for (int attempt = 1; ; attempt++) {
            try {
                return once(key);
            } catch (ImdsFailure failure) {
                boolean refused = failure.kind() == Kind.UNAUTHORIZED;
                if (attempt >= (refused ? Math.min(attempts, ATTEMPTS_REFUSED) : attempts)) {
                    throw failure;
                }
                pauseOr(failure, DELAYS.delay(attempt));
            }
        }
    }

    private Optional<String> once(String key) throws ImdsFailure {
        ImdsMeter.Path kind = ImdsMeter.Path.of(key);
        String path = "/latest/meta-data/" + key;
        Token used = token();
        Answer answer = exchange(kind, "GET", path, "X-aws-ec2-metadata-token", used.value());
        if (answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED) {
            forget(used);
            answer = exchange(kind, "GET", path, "X-aws-ec2-metadata-token", token().value());
        }
        return switch (answer.status()) {
            case HttpURLConnection.HTTP_OK -> Optional.of(answer.text());
            case HttpURLConnection.HTTP_NOT_FOUND -> Optional.empty();
            default -> throw refused(path, answer);
        };
    }

    private Token token() throws ImdsFailure {
        Token now = token;
        if (now != null && time.instant().isBefore(now.renewAt())) {
            return now;
        }
        renewing.lock();
        try {
            Token other = token;
            if (other != null && time.instant().isBefore(other.renewAt())) {
                return other;
            }
            Token fresh = fetch();
            token = fresh;
            return fresh;
        } finally {
            renewing.unlock();
        }
    }

    private void forget(Token refused) {
        renewing.lock();
        try {
            if (refused.equals(token)) {
                token = null;
            }
        } finally {
            renewing.unlock();
        }
    }

    private Token fetch() throws ImdsFailure {
        String path = "/latest/api/token";
        Instant asked = time.instant();
        String life = Long.toString(TOKEN_LIFE.toSeconds());
        Answer answer = exchange(ImdsMeter.Path.TOKEN, "PUT", path, "X-aws-ec2-metadata-token-ttl-seconds", life);
        if (answer.status() != HttpURLConnection.HTTP_OK) {
            throw refused(path, answer);
        }
        Duration granted = seconds(answer.tokenLife());
        return new Token(answer.text().strip(), asked.plus(granted.minus(granted.dividedBy(TOKEN_RESERVE_DIVISOR))));
    }

    private static Duration seconds(String text) {
        try {
            return Duration.ofSeconds(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return TOKEN_LIFE; // the requested lifetime: the header is optional
        }
    }

    private Answer exchange(ImdsMeter.Path kind, String method, String path, String header, String value)
            throws ImdsFailure {
        waitForBudget(method + " " + path);
        Instant asked = time.instant();
        Outcome outcome = Outcome.SILENT;
        try {
            HttpURLConnection connection = opened(method, path);
            connection.setRequestProperty(header, value);
            if (method.equals("PUT")) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(0);
                connection.getOutputStream().close();
            }
            int status = connection.getResponseCode();
            String life = connection.getHeaderField("X-aws-ec2-metadata-token-ttl-seconds");
            String text = body(connection, status);
            outcome = outcome(status);
            return new Answer(text, status, life == null ? "" : life);
        } catch (IOException e) {
            throw new ImdsFailure(Kind.UNREACHABLE, method + " " + path, String.valueOf(e.getMessage()), e);
        } finally {
            meter.answered(kind, outcome, Duration.between(asked, time.instant()));
        }
    }

    private HttpURLConnection opened(String method, String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) endpoint.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        connection.setReadTimeout((int) readTimeout.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        return connection;
    }

    private void waitForBudget(String what) throws ImdsFailure {
        Duration wait = budget.take(time.instant());
        if (wait.isPositive()) {
            meter.held(wait);
            pauseOr(new ImdsFailure(Kind.UNREACHABLE, what, "interrupted before it was asked", null), wait);
        }
    }

    private static Outcome outcome(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_OK -> Outcome.OK;
            case HttpURLConnection.HTTP_NOT_FOUND -> Outcome.MISSING;
            case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN -> Outcome.REFUSED;
            default -> Outcome.FAILED;
        };
    }

    private static String body(HttpURLConnection connection, int status) throws IOException {
        boolean good = status < HttpURLConnection.HTTP_BAD_REQUEST;
        try (@Nullable InputStream in = good ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }

    private static ImdsFailure refused(String path, Answer answer) {
        boolean closed = answer.status() == HttpURLConnection.HTTP_UNAUTHORIZED
                || answer.status() == HttpURLConnection.HTTP_FORBIDDEN
                || answer.status() == HttpURLConnection.HTTP_NOT_FOUND;
        Kind kind = closed ? Kind.UNAUTHORIZED : Kind.FAILING;
        return new ImdsFailure(kind, path, "HTTP status " + answer.status(), null);
    }

    private void pauseOr(ImdsFailure failure, Duration delay) throws ImdsFailure {
        try {
            pause.of(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
