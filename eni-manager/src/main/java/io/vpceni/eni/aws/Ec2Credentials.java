package io.vpceni.eni.aws;

import io.vpceni.config.ProxySettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/// Provides the credentials for EC2, from the one configured source. Changes are logged.
final class Ec2Credentials implements AwsCredentialsProvider, SdkAutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ec2Credentials.class);

    /// Minimum time between two requests to the source while EC2 refuses its credentials.
    private static final Duration AFRESH_EVERY = Duration.ofMinutes(1);

    /// How often the same failure is logged.
    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private final Supplier<CredentialsChoice> chooser;

    private final Function<CredentialsChoice, AwsCredentialsProvider> opener;

    private final InstantSource time;

    private volatile CredentialsChoice choice;

    private @Nullable AwsCredentialsProvider provider;

    private Instant openedAt = Instant.MIN;

    /// The expiry that was logged.
    private Optional<Instant> endTold = Optional.empty();

    /// When each kind of failure was logged, since the last credentials.
    private final Map<String, Instant> told = new HashMap<>();

    private volatile CredentialsReport report;

    private Ec2Credentials(
            Supplier<CredentialsChoice> chooser,
            Function<CredentialsChoice, AwsCredentialsProvider> opener,
            InstantSource time) {
        this.chooser = chooser;
        this.choice = chooser.get();
        this.opener = opener;
        this.time = time;
        this.report =
                new CredentialsReport(choice.source(), choice.identity(), time.instant(), "", Optional.empty(), "");
    }

    /// Chooses the source at once; asks it only at the first call.
    ///
    /// @param timeouts for calls of STS
    static Ec2Credentials of(
            Map<String, String> environment,
            ProxySettings proxies,
            ScheduledExecutorService timeouts,
            InstantSource time) {
        return new Ec2Credentials(
                () -> CredentialsChoice.of(
                        environment, name -> System.getProperty(name, ""), CredentialsChoice.Files.SHARED),
                chosen -> opened(chosen, environment, proxies, timeouts),
                time);
    }

    static Ec2Credentials of(
            Supplier<CredentialsChoice> chooser,
            Function<CredentialsChoice, AwsCredentialsProvider> opener,
            InstantSource time) {
        return new Ec2Credentials(chooser, opener, time);
    }

    private static AwsCredentialsProvider opened(
            CredentialsChoice choice,
            Map<String, String> environment,
            ProxySettings proxies,
            ScheduledExecutorService timeouts) {
        return switch (choice.source()) {
            case SYSTEM_PROPERTIES -> SystemPropertyCredentialsProvider.create();
            case ENVIRONMENT -> EnvironmentVariableCredentialsProvider.create();
            case WEB_IDENTITY -> WebIdentity.provider(environment, proxies, timeouts);
            case PROFILE -> ProfileCredentialsProvider.create(choice.identity());
            case POD_IDENTITY, CONTAINER ->
                ContainerCredentialsProvider.builder().build();
            case INSTANCE_ROLE -> InstanceProfileCredentialsProvider.create();
            case NONE ->
                () -> {
                    throw new CredentialsFailure("none is configured", null);
                };
        };
    }

    /// Chooses again while the shared files cannot be read.
    ///
    /// @throws CredentialsFailure when they still cannot be read
    synchronized void choose() {
        if (choice.unreadable().isPresent()) {
            choice = chooser.get();
        }
        if (choice.unreadable().isPresent()) {
            throw failed(choice.unreadable().get());
        }
    }

    /// @throws CredentialsFailure when the source returns none
    @Override
    public AwsCredentials resolveCredentials() {
        choose();
        AwsCredentials credentials;
        try {
            credentials = provider().resolveCredentials();
        } catch (AbortedException e) {
            throw e; // ipamd stops
        } catch (RuntimeException e) {
            throw failed(e);
        }
        came(credentials);
        return credentials;
    }

    CredentialsReport report() {
        return report;
    }

    /// EC2 refused the last credentials: the source is asked again, at most once a minute. The SDK's providers
    /// keep credentials until they expire by this node's clock, which may be wrong.
    synchronized void refused() {
        Instant now = time.instant();
        if (provider != null && Duration.between(openedAt, now).compareTo(AFRESH_EVERY) >= 0) {
            closeProvider();
        }
    }

    @Override
    public synchronized void close() {
        closeProvider();
    }

    private synchronized AwsCredentialsProvider provider() {
        @Nullable AwsCredentialsProvider now = provider;
        if (now == null) {
            now = opener.apply(choice);
            provider = now;
            openedAt = time.instant();
        }
        return now;
    }

    private void closeProvider() {
        if (provider instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
        provider = null;
    }

    private synchronized void came(AwsCredentials credentials) {
        CredentialsReport before = report;
        told.clear();
        boolean news = before.accessKeyId().isEmpty() || !before.failure().isEmpty();
        report = new CredentialsReport(
                choice.source(),
                choice.identity(),
                news ? time.instant() : before.since(),
                credentials.accessKeyId(),
                credentials.expirationTime(),
                "");
        if (report.expired(time.instant()) && !report.expires().equals(endTold)) {
            endTold = report.expires();
            log.atWarn()
                    .addKeyValue("source", choice.source())
                    .addKeyValue(
                            "expired",
                            credentials.expirationTime().map(Instant::toString).orElse(""))
                    .log("The credentials for EC2 have expired, and their source returned no newer ones: check the "
                            + "source and this node's clock");
        }
        if (news) {
            log.atInfo()
                    .addKeyValue("source", choice.source())
                    .addKeyValue("identity", choice.identity())
                    .addKeyValue("accessKey", credentials.accessKeyId())
                    .addKeyValue(
                            "expires",
                            credentials.expirationTime().map(Instant::toString).orElse("never"))
                    .log("EC2 is called with " + choice.source().words());
        }
    }

    private synchronized CredentialsFailure failed(RuntimeException thrown) {
        String text = CredentialsTrouble.text(choice, thrown);
        CredentialsReport before = report;
        report = new CredentialsReport(
                choice.source(),
                choice.identity(),
                before.failure().isEmpty() ? time.instant() : before.since(),
                before.accessKeyId(),
                before.expires(),
                text);
        if (isToBeTold(choice.source() + " " + CredentialsTrouble.kind(thrown))) {
            log.atWarn()
                    .addKeyValue("source", choice.source())
                    .addKeyValue("identity", choice.identity())
                    .addKeyValue("reason", text)
                    .log("EC2 cannot be called: no credentials");
        }
        return new CredentialsFailure(text, thrown);
    }

    private boolean isToBeTold(String kind) {
        Instant now = time.instant();
        told.values().removeIf(at -> Duration.between(at, now).abs().compareTo(TOLD_EVERY) >= 0);
        return told.putIfAbsent(kind, now) == null;
    }
}
