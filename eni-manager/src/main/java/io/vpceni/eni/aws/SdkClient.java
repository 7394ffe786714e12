package io.vpceni.eni.aws;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

    private final Future<Ec2Client> client;

    SdkClient(Future<Ec2Client> client) {
        this.client = client;
    }

    /// A platform thread builds: loading the SDK's classes keeps a core busy for a while and would hold a carrier.
    static SdkClient building(String version) {
        FutureTask<Ec2Client> task = new FutureTask<>(() -> build(version));
        Thread.ofPlatform().name("ec2-client").daemon().start(task);
        return new SdkClient(task);
    }

    Ec2Client get(String action, String subject) throws Ec2Failure {
        try {
            return client.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ec2Failure(Kind.UNAVAILABLE, action, subject, "", "interrupted before it was asked", e);
        } catch (ExecutionException e) {
            String detail = "no EC2 client: " + String.valueOf(e.getCause());
            throw new Ec2Failure(Kind.UNAVAILABLE, action, subject, "", detail, e);
        }
    }

    @Override
    public void close() {
        if (client.state() == Future.State.SUCCESS) {
            client.resultNow().close();
        } else {
            client.cancel(true);
        }
    }

    private static Ec2Client build(String version) {
        ClientOverrideConfiguration settings = ClientOverrideConfiguration.builder()
                .apiCallTimeout(CALL_TIMEOUT)
                .retryStrategy(AwsRetryStrategy.doNotRetry()) // Ec2Calls says what is asked again
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
