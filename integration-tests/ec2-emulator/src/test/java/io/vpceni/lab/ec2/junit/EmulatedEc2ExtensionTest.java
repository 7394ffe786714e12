package io.vpceni.lab.ec2.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.Ec2Clients;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.SampleWorld;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// As the module's README shows it.
class EmulatedEc2ExtensionTest {
    @Nested
    @ExtendWith(EmulatedEc2Extension.class)
    class ByAnnotation {
        private static final List<URI> ENDPOINTS = new ArrayList<>();

        private SampleWorld before = new SampleWorld("", "", "", "", "");

        @BeforeEach
        void remember(SampleWorld world) {
            before = world;
        }

        @RepeatedTest(2) // each time it starts empty
        void eachTestHasAnEc2OfItsOwn(Ec2Emulation ec2, SampleWorld world) {
            try (Ec2Client client = Ec2Clients.open(ec2.endpoint(), Ec2Clients.ADMINISTRATOR)) {
                String eniId = client.createNetworkInterface(request -> request.subnetId(world.subnetId()))
                        .networkInterface()
                        .networkInterfaceId();

                assertThat(client.describeNetworkInterfaces().networkInterfaces())
                        .hasSize(2)
                        .anyMatch(eni -> eni.networkInterfaceId().equals(eniId));
            }
            assertThat(before).isEqualTo(world);
            ENDPOINTS.add(ec2.endpoint());
        }

        @AfterAll
        static void itEndsWithItsTest() {
            assertThat(ENDPOINTS)
                    .hasSize(2)
                    .allSatisfy(endpoint -> assertThatThrownBy(
                                    () -> new Socket(endpoint.getHost(), endpoint.getPort()).close())
                            .isInstanceOf(ConnectException.class));
        }
    }

    @Nested
    class ByField {
        @RegisterExtension
        private static final EmulatedEc2Extension EC2 = EmulatedEc2Extension.of(
                Ec2Settings.defaults().withDelays(Ec2Delays.none()).withRegion(new Region("eu-west-1")));

        @Test
        void theSettingsAreTheTests(Ec2Emulation ec2, SampleWorld world) {
            try (Ec2Client client = Ec2Clients.open(ec2.endpoint(), Ec2Clients.ADMINISTRATOR)) {
                assertThat(client.describeSubnets(request -> request.subnetIds(world.subnetId()))
                                .subnets())
                        .singleElement()
                        .satisfies(
                                subnet -> assertThat(subnet.availabilityZone()).isEqualTo("eu-west-1a"));
            }
        }
    }
}
