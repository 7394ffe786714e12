package io.vpceni.eni.aws;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.RequestScope;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/// Makes each call to EC2 once, with a bulkhead and a circuit breaker. Only [io.vpceni.eni.budget.RequestScheduler]
/// retries calls.
final class Ec2Executor {

    private static final Logger log = LoggerFactory.getLogger(Ec2Executor.class);

    /// As many calls as the scheduler sends at once, and a few for the start and for tools; further calls wait.
    static final int CALLS_AT_ONCE_MAX = 20;

    /// Longer than the longest call, so that a waiting call gets its turn.
    private static final Duration PLACE_WAIT = Duration.ofSeconds(20);

    private static final int CIRCUIT_WINDOW = 10;

    private static final int CIRCUIT_CALLS_MIN = 6;

    /// How long no call is sent once most calls have failed.
    static final Duration CIRCUIT_REST = Duration.ofSeconds(10);

    private final CircuitBreaker circuit;

    private final Bulkhead places = Bulkhead.of(
            "ec2",
            BulkheadConfig.custom()
                    .maxConcurrentCalls(CALLS_AT_ONCE_MAX)
                    .maxWaitDuration(PLACE_WAIT)
                    .writableStackTraceEnabled(false)
                    .build());

    private final SdkClient client;

    /// @param client gives the calls their credentials and measures the clock
    Ec2Executor(Clock clock, SdkClient client) {
        this.client = client;
        this.circuit = CircuitBreaker.of(
                "ec2",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CIRCUIT_WINDOW)
                        .minimumNumberOfCalls(CIRCUIT_CALLS_MIN)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(CIRCUIT_REST)
                        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                        .recordException(Ec2Executor::saysThatEc2Fails)
                        .clock(clock)
                        .writableStackTraceEnabled(false)
                        .build());
    }

    Ec2Circuit state() {
        return switch (circuit.getState()) {
            case OPEN, FORCED_OPEN -> Ec2Circuit.OPEN;
            case HALF_OPEN -> Ec2Circuit.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> Ec2Circuit.CLOSED;
        };
    }

    /// Makes the call once. Waits, bounded, for a free place.
    ///
    /// @throws Ec2Failure of kind `UNAVAILABLE` when the call was not sent
    <T> T once(String action, String subject, Supplier<T> call) throws Ec2Failure {
        try {
            T answer = places.executeSupplier(() -> circuit.executeSupplier(call));
            answered(action, subject, answer);
            return answer;
        } catch (CallNotPermittedException e) {
            String detail =
                    "not sent: most recent calls failed; EC2 is not called for " + CIRCUIT_REST.toSeconds() + " s";
            throw Ec2Failure.withoutCode(Kind.UNAVAILABLE, action, subject, detail, e);
        } catch (BulkheadFullException e) {
            String detail = "not asked: " + CALLS_AT_ONCE_MAX + " calls are under way";
            throw Ec2Failure.withoutCode(Kind.UNAVAILABLE, action, subject, detail, e);
        } catch (AwsServiceException e) {
            throw refused(action, subject, e);
        } catch (SdkException | CredentialsFailure e) {
            @Nullable CredentialsFailure missing = CredentialsFailure.in(e);
            if (missing != null) {
                String why = String.valueOf(missing.getMessage());
                throw Ec2Failure.withoutCode(Kind.NO_CREDENTIALS, action, subject, why, e);
            }
            if (e instanceof AbortedException) {
                Thread.currentThread().interrupt();
            }
            String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw Ec2Failure.withoutCode(kindWithoutAnswer(e), action, subject, detail, e);
        }
    }

    private static void answered(String action, String subject, @Nullable Object answer) {
        if (answer instanceof AwsResponse response && response.responseMetadata() != null) {
            RequestScope.mark(log.atDebug())
                    .addKeyValue("action", action)
                    .addKeyValue("subject", subject)
                    .addKeyValue("ec2RequestId", response.responseMetadata().requestId())
                    .log("EC2 answered");
        }
    }

    private Ec2Failure refused(String action, String subject, AwsServiceException e) {
        String code = codeOf(e);
        Kind kind = ErrorCodes.kindOf(code, e.statusCode());
        String detail = messageOf(e);
        if (kind == Kind.NOT_AUTHENTICATED) {
            client.refused();
            String clock = client.access().clock();
            detail = clock.isEmpty() ? detail : detail + "; " + clock + ": set it";
        }
        return new Ec2Failure(
                kind,
                action,
                subject,
                Optional.of(code).filter(some -> !some.isEmpty()),
                detail,
                Optional.ofNullable(e.requestId()),
                e);
    }

    private static boolean saysThatEc2Fails(Throwable thrown) {
        if (CredentialsFailure.in(thrown) != null) {
            return false; // the call was not sent
        }
        return switch (thrown) {
            case AbortedException _ -> false;
            case AwsServiceException e -> ErrorCodes.kindOf(codeOf(e), e.statusCode()) == Kind.OUTCOME_UNKNOWN;
            default -> true;
        };
    }

    /// Without an answer the call may have had its effect, unless it was never sent.
    private static Kind kindWithoutAnswer(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                boolean stayedHere = cause instanceof ConnectException
                        || cause instanceof UnknownHostException
                        || cause instanceof NoRouteToHostException;
                return stayedHere ? Kind.UNAVAILABLE : Kind.OUTCOME_UNKNOWN;
            }
        }
        return Kind.OUTCOME_UNKNOWN;
    }

    private static String codeOf(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? ""
                : Objects.requireNonNullElse(e.awsErrorDetails().errorCode(), "");
    }

    private static String messageOf(AwsServiceException e) {
        String said = e.awsErrorDetails() == null
                ? ""
                : Objects.requireNonNullElse(e.awsErrorDetails().errorMessage(), "");
        return said.isEmpty() && codeOf(e).isEmpty() ? "HTTP status " + e.statusCode() : said;
    }
}
