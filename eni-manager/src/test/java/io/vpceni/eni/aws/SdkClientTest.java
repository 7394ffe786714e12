package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.vpceni.eni.Ec2Failure;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// The SDK's client is there as soon as it can be built.
class SdkClientTest {

    @Test
    void aClientThatCouldNotBeBuiltIsBuiltAnewByTheNextCallAndThenKept() throws Ec2Failure {
        Ec2Client sdk = mock(Ec2Client.class);
        AtomicInteger builds = new AtomicInteger();
        try (SdkClient client = SdkClient.building(
                () -> {
                    if (builds.incrementAndGet() == 1) {
                        throw new IllegalStateException("no region");
                    }
                    return sdk;
                },
                InstantSource.system())) {
            assertThatThrownBy(() -> client.get("DescribeInstanceTypes", "m5.large"))
                    .isInstanceOf(Ec2Failure.class)
                    .hasMessageContaining("no region");

            assertThat(client.get("DescribeInstanceTypes", "m5.large")).isSameAs(sdk);
            assertThat(client.get("DescribeInstanceTypes", "m5.large")).isSameAs(sdk);
        }
        assertThat(builds).hasValue(2);
    }
}
