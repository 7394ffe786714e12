package io.vpceni.lab.ec2;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The AWS SDK as a client, without retries: a refusal shall be seen once.
public final class Ec2Clients {
    public static final AwsCredentials ADMINISTRATOR =
            AwsBasicCredentials.create(Ec2Emulation.ADMINISTRATOR_KEY_ID, Ec2Emulation.ADMINISTRATOR_SECRET);

    private Ec2Clients() {}

    public static Ec2Client open(URI endpoint, AwsCredentials credentials) {
        return Ec2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(configuration ->
                        configuration.retryStrategy(software.amazon.awssdk.retries.DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
