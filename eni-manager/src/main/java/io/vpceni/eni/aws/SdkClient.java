package io.vpceni.eni.aws;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The SDK's client, perhaps still being built. Timeouts and retries are set, not defaulted.
final class SdkClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /// Bounds an answer that trickles; above connect and read together.
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private final Callable<Ec2Client> builder;

    private final AtomicReference<@Nullable FutureTask<Ec2Client>> built = new AtomicReference<>();

    private SdkClient(Callable<Ec2Client> builder) {
        this.builder = builder;
    }

    /// Begins to build at once. A build that failed fails the calls that wait for it; the next call builds anew.
    static SdkClient building(String version) {
        return building(() -> build(version));
    }

    static SdkClient building(Callable<Ec2Client> builder) {
        SdkClient client = new SdkClient(builder);
        FutureTask<Ec2Client> _ = client.underWay(); // get() waits for it
        return client;
    }

    Ec2Client get(String action, String subject) throws Ec2Failure {
        FutureTask<Ec2Client> task = underWay();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ec2Failure(Kind.UNAVAILABLE, action, subject, "", "interrupted before it was asked", e);
        } catch (ExecutionException e) {
            built.compareAndSet(task, null);
            String detail = "no EC2 client: " + String.valueOf(e.getCause());
            throw new Ec2Failure(Kind.UNAVAILABLE, action, subject, "", detail, e);
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

    /// A platform thread builds: loading the SDK's classes keeps a core busy for a while and would hold a carrier.
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

    private static Ec2Client build(String version) {
        ClientOverrideConfiguration settings = ClientOverrideConfiguration.builder()
                .apiCallTimeout(CALL_TIMEOUT)
                .retryStrategy(AwsRetryStrategy.doNotRetry()) // CallDesk says what is asked again
                .scheduledExecutorService(new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("ec2-timeouts").daemon().factory()))
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "vpc-eni-ipam/" + version)
                .build();
        return Ec2Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(READ_TIMEOUT))
                .defaultsMode(DefaultsMode.STANDARD)
                .credentialsProvider(credentials())
                .overrideConfiguration(settings)
                .build();
    }

    private static AwsCredentialsProvider credentials() {
        AwsCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
        return () -> {
            try {
                return chain.resolveCredentials();
            } catch (SdkClientException e) {
                throw new CredentialsMissing(e);
            }
        };
    }
}
