package io.vpceni.eni.aws;

import io.vpceni.config.ProxySettings;
import java.time.Duration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/// Makes [BufferedHttpClient] the SDK's default client, which it uses for STS when a profile assumes a role.
public final class BufferedHttpService implements SdkHttpService {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /// For the service loader.
    public BufferedHttpService() {}

    @Override
    public SdkHttpClient.Builder<?> createHttpClientBuilder() {
        return new Builder(ProxySettings.from(System.getenv()));
    }

    static SdkHttpClient.Builder<?> builder(ProxySettings proxies) {
        return new Builder(proxies);
    }

    private record Builder(ProxySettings proxies) implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
            return new BufferedHttpClient(proxies, CONNECT_TIMEOUT, READ_TIMEOUT);
        }
    }
}
