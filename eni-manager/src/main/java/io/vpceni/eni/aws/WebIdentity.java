package io.vpceni.eni.aws;

import io.vpceni.config.ProxySettings;
import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.IdpCommunicationErrorException;

/// The role of a service account: STS gives its credentials for a token that the kubelet writes into a file and
/// renews.
///
/// The only class that refers to the SDK's STS client, so that it is loaded only when it is used.
final class WebIdentity {

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

    private static final int ATTEMPTS_MAX = 2;

    /// A token has about a thousand characters.
    private static final int TOKEN_BYTES_MAX = 64 * 1024;

    private static final int SESSION_NAME_CHARS_MAX = 64;

    private static final URI GLOBAL_STS = URI.create("https://sts.amazonaws.com");

    private WebIdentity() {}

    static AwsCredentialsProvider provider(
            Map<String, String> environment, ProxySettings proxies, ScheduledExecutorService timeouts) {
        ClientOverrideConfiguration settings = ClientOverrideConfiguration.builder()
                .apiCallTimeout(CALL_TIMEOUT)
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS_MAX)
                        .retryOnException(IdpCommunicationErrorException.class)
                        .build())
                .scheduledExecutorService(timeouts)
                .build();
        StsClientBuilder sts = StsClient.builder()
                .credentialsProvider(AnonymousCredentialsProvider.create()) // the token authenticates the call
                .httpClientBuilder(BufferedHttpService.builder(proxies))
                .defaultsMode(DefaultsMode.STANDARD)
                .overrideConfiguration(settings);
        if (isGlobal(environment)) {
            sts.endpointOverride(GLOBAL_STS);
        }
        return StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
                .stsClient(sts.build())
                .refreshRequest(() -> request(environment))
                .build();
    }

    private static boolean isGlobal(Map<String, String> environment) {
        return environment.getOrDefault("AWS_STS_REGIONAL_ENDPOINTS", "").equalsIgnoreCase("legacy")
                && environment.getOrDefault("AWS_ENDPOINT_URL_STS", "").isEmpty()
                && environment.getOrDefault("AWS_ENDPOINT_URL", "").isEmpty();
    }

    private static AssumeRoleWithWebIdentityRequest request(Map<String, String> environment) {
        return AssumeRoleWithWebIdentityRequest.builder()
                .roleArn(environment.getOrDefault("AWS_ROLE_ARN", "").strip())
                .roleSessionName(sessionName(environment))
                .webIdentityToken(token(Path.of(environment
                        .getOrDefault("AWS_WEB_IDENTITY_TOKEN_FILE", "")
                        .strip())))
                .build();
    }

    private static String sessionName(Map<String, String> environment) {
        String set = environment.getOrDefault("AWS_ROLE_SESSION_NAME", "");
        if (!set.isEmpty()) {
            return set;
        }
        String node = environment.getOrDefault("MY_NODE_NAME", "");
        String name = node.isEmpty() ? "vpc-eni-ipam" : "vpc-eni-ipam-" + node;
        return name.substring(0, Math.min(name.length(), SESSION_NAME_CHARS_MAX));
    }

    /// Read each time, because the kubelet replaces it.
    static String token(Path file) {
        try {
            byte[] bytes = RegularFile.read(file, RegularFile.SymbolicLinks.FOLLOWED, TOKEN_BYTES_MAX);
            String token = new String(bytes, StandardCharsets.UTF_8).strip();
            if (token.isEmpty()) {
                throw new CredentialsFailure("the token file " + file + " is empty: the kubelet writes it", null);
            }
            return token;
        } catch (NoSuchFileException e) {
            throw new CredentialsFailure(
                    "the token file " + file + " is not there: check the pod's projected volume of the service"
                            + " account's token",
                    e);
        } catch (IOException e) {
            throw new CredentialsFailure("the token file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
