package io.vpceni.lab.ec2.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.Ec2Clients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

class Ec2ServerTest {
    @Test
    void itSaysWhereItAnswersAndWhatIsThere() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (Ec2Server server = Ec2Server.start("0", "0")) {
            server.tell(new PrintStream(printed, true, StandardCharsets.UTF_8));
            String text = printed.toString(StandardCharsets.UTF_8);
            URI endpoint = URI.create(text.replaceFirst("(?s)EC2 answers at ([^,]+),.*", "$1"));

            try (Ec2Client client = Ec2Clients.open(endpoint, Ec2Clients.ADMINISTRATOR)) {
                assertThat(client.describeInstances().reservations())
                        .singleElement()
                        .satisfies(reservation -> assertThat(reservation.instances())
                                .allSatisfy(instance ->
                                        assertThat(text).contains(instance.instanceId(), instance.subnetId())));
            }
        }
    }
}
