package io.vpceni.eni.aws;

import io.vpceni.config.ProxySettings;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import java.io.Serial;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The SDK's client, which may still be under construction. Timeouts and retries are set explicitly.
final class SdkClient implements AutoCloseable {

    /// Limit for a slow answer; more than the limits for connecting and reading together.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private final Callable<Ec2Client> builder;

    private final AtomicReference<@Nullable FutureTask<Ec2Client>> built = new AtomicReference<>();

    private final Supplier<CredentialsReport> credentials;

    private final Runnable refused;

    private final ProxySettings proxies;

    private final ClockSkew skew;

    private SdkClient(
            Callable<Ec2Client> builder,
            Supplier<CredentialsReport> credentials,
            Runnable refused,
            ProxySettings proxies,
            ClockSkew skew) {
        this.builder = builder;
        this.credentials = credentials;
        this.refused = refused;
        this.proxies = proxies;
        this.skew = skew;
    }

    /// Starts building at once. A failed build fails the waiting calls; the next call builds again.
    ///
    /// @param regionByImds the region from ipamd's own IMDS client, used when the SDK's chain has none; ""
    ///     before it is known
    static SdkClient building(
            String version,
            Map<String, String> environment,
            ProxySettings proxies,
            InstantSource time,
            Supplier<String> regionByImds) {
        ScheduledExecutorService timeouts = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("aws-timeouts").daemon().factory());
        Ec2Credentials credentials = Ec2Credentials.of(environment, proxies, timeouts, time);
        ClockSkew skew = new ClockSkew(time);
        return begun(new SdkClient(
                () -> build(version, credentials, timeouts, proxies, skew, regionByImds),
                credentials::report,
                credentials::refused,
                proxies,
                skew));
    }

    static SdkClient building(Callable<Ec2Client> builder, InstantSource time) {
        CredentialsReport unknown =
                new CredentialsReport(CredentialsSource.NONE, "", time.instant(), "", Optional.empty(), "");
        return begun(new SdkClient(builder, () -> unknown, () -> {}, ProxySettings.NONE, new ClockSkew(time)));
    }

    private static SdkClient begun(SdkClient client) {
        FutureTask<Ec2Client> _ = client.underWay(); // get() waits for it
        return client;
    }

    Ec2Access access() {
        return new Ec2Access(credentials.get(), skew.ahead(), proxies.lines());
    }

    /// EC2 refused the credentials.
    void refused() {
        refused.run();
    }

    Ec2Client get(String action, String subject) throws Ec2Failure {
        return get(action, subject, true);
    }

    /// @param again whether to build again after a build without a region: IMDS may have returned it meanwhile
    private Ec2Client get(String action, String subject, boolean again) throws Ec2Failure {
        FutureTask<Ec2Client> task = underWay();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Ec2Failure.withoutCode(Kind.UNAVAILABLE, action, subject, "interrupted before it was asked", e);
        } catch (ExecutionException e) {
            built.compareAndSet(task, null);
            @Nullable CredentialsFailure missing = CredentialsFailure.in(e);
            if (missing != null) {
                throw Ec2Failure.withoutCode(
                        Kind.NO_CREDENTIALS, action, subject, String.valueOf(missing.getMessage()), e);
            }
            if (e.getCause() instanceof NoRegion none) {
                if (again) {
                    return get(action, subject, false);
                }
                String what = none.getMessage() + ": set AWS_REGION";
                throw Ec2Failure.unable(action, subject, what, e);
            }
            @Nullable Throwable cause = e.getCause();
            String detail = "no EC2 client: " + (cause == null ? "" : String.valueOf(cause.getMessage()));
            throw Ec2Failure.withoutCode(Kind.UNAVAILABLE, action, subject, detail, e);
        }
    }

    @Override
    public void close() {
        @Nullable FutureTask<Ec2Client> task = built.get();
        if (task == null) {
            return;
        }
        if (task.state() == Future.State.SUCCESS) {
            task.resultNow().close();
        } else {
            task.cancel(true);
        }
    }

    /// Built on a platform thread: loading the SDK's classes takes a core for a while and would block a carrier
    /// thread.
    private FutureTask<Ec2Client> underWay() {
        while (true) {
            @Nullable FutureTask<Ec2Client> now = built.get();
            if (now != null) {
                return now;
            }
            FutureTask<Ec2Client> task = new FutureTask<>(builder);
            if (built.compareAndSet(null, task)) {
                Thread.ofPlatform().name("ec2-client").daemon().start(task);
                return task;
            }
        }
    }

    private static Ec2Client build(
            String version,
            Ec2Credentials credentials,
            ScheduledExecutorService timeouts,
            ProxySettings proxies,
            ClockSkew skew,
            Supplier<String> regionByImds)
            throws NoRegion {
        credentials.choose(); // for a better message than the SDK's own
        ClientOverrideConfiguration settings = ClientOverrideConfiguration.builder()
                .apiCallTimeout(CALL_TIMEOUT)
                .retryStrategy(AwsRetryStrategy.doNotRetry()) // RequestScheduler retries
                .scheduledExecutorService(timeouts)
                .addExecutionInterceptor(new AnswerDates(skew))
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "vpc-eni-ipam/" + version)
                .build();
        return Ec2Client.builder()
                .httpClientBuilder(BufferedHttpService.builder(proxies))
                .defaultsMode(DefaultsMode.STANDARD)
                .region(region(regionByImds))
                .credentialsProvider(credentials)
                .overrideConfiguration(settings)
                .build();
    }

    /// The SDK's chain first: a setting overrides IMDS.
    private static Region region(Supplier<String> byImds) throws NoRegion {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            String found = byImds.get();
            if (found.isEmpty()) {
                throw new NoRegion(e);
            }
            return Region.of(found);
        }
    }

    /// The region of this node is unknown.
    private static final class NoRegion extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        NoRegion(SdkClientException cause) {
            super("neither the environment, the shared files nor IMDS name a region", cause);
        }
    }

    /// Passes on the date of an answer.
    private record AnswerDates(ClockSkew skew) implements ExecutionInterceptor {
        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            context.httpResponse()
                    .firstMatchingHeader("Date")
                    .flatMap(AnswerDates::parsed)
                    .ifPresent(skew::saw);
        }

        private static Optional<Instant> parsed(String date) {
            try {
                return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
            } catch (DateTimeException notADate) {
                return Optional.empty();
            }
        }
    }
}
