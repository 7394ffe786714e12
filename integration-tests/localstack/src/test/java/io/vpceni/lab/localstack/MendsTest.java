package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The answers are LocalStack 4.14.0's, cut to what matters.
class MendsTest {
    @Test
    void aMalformedMacIsTakenOutAndAWholeOneStays() throws IOException {
        ProxiedAnswer answer = new ProxiedAnswer(200, """
                <DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><networkInterfaceSet>
                <item><macAddress>02:00:00:22302x:13702x:1202x</macAddress><networkInterfaceId>eni-1</networkInterfaceId></item>
                <item><macAddress>02:00:00:aa:0b:0c</macAddress><networkInterfaceId>eni-2</networkInterfaceId></item>
                </networkInterfaceSet></DescribeNetworkInterfacesResponse>""");

        ProxiedAnswer mended =
                new MalformedMacs().carry(ProxiedCall.of("DescribeNetworkInterfaces", Map.of()), _ -> answer);

        assertThat(mended.body())
                .contains("<networkInterfaceId>eni-1<", "<macAddress>02:00:00:aa:0b:0c<", "doc/2016-11-15")
                .doesNotContain("22302x");
    }

    @Test
    void assignAnswersOnlyWhatItAdded() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack("10.0.0.10", "10.0.0.11", "10.0.0.12");
        localStack.send(ProxiedCall.of("CreateNetworkInterface", Map.of("SecondaryPrivateIpAddressCount", "1")));

        ProxiedAnswer mended = new OnlyNewAddresses()
                .carry(
                        ProxiedCall.of(
                                "AssignPrivateIpAddresses",
                                Map.of("NetworkInterfaceId", "eni-1", "SecondaryPrivateIpAddressCount", "1")),
                        localStack);

        assertThat(LocalStackXml.items(LocalStackXml.parse(mended.body()), "assignedPrivateIpAddressesSet"))
                .extracting(item -> LocalStackXml.text(item, "privateIpAddress"))
                .containsExactly("10.0.0.12");
    }

    @Test
    void aWishForPrefixesIsRefusedAndNeverReachesLocalStack() throws IOException {
        ProxiedAnswer answer = new NoPrefixes()
                .carry(ProxiedCall.of("AssignPrivateIpAddresses", Map.of("Ipv4PrefixCount", "1")), _ -> {
                    throw new IOException("LocalStack was asked");
                });

        assertThat(answer.body()).contains("UnsupportedOperation", "LocalStack knows no prefixes");
    }

    @Test
    void anErrorOfLocalStacksComesThroughAllMendsAsItIs() throws IOException {
        ProxiedAnswer error = ProxiedAnswer.error(400, "InvalidNetworkInterfaceID.NotFound", "no <eni>");

        ProxiedAnswer answer = Mend.chain(
                        Mend.all(), call -> call.mutates() ? error : new ProxiedAnswer(200, "<Response/>"))
                .send(ProxiedCall.of("AssignPrivateIpAddresses", Map.of("NetworkInterfaceId", "eni-9")));

        assertThat(answer.body()).contains("InvalidNetworkInterfaceID.NotFound", "no &lt;eni&gt;");
    }

    @Test
    void everybodyGoesByOneKeyInOneRegion() throws IOException {
        List<String> seen = new ArrayList<>();
        ProxiedCall call = ProxiedCall.of("DescribeVpcs", Map.of())
                .withHeader(
                        "authorization",
                        "AWS4-HMAC-SHA256 Credential=ASIANODE/20261121/eu-west-1/ec2/aws4_request, Signature=ab");

        new OneAccount().carry(call, sent -> {
            seen.add(sent.headers().get("authorization"));
            return new ProxiedAnswer(200, "<a/>");
        });

        assertThat(seen)
                .containsExactly("AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/ec2/aws4_request, Signature=ab");
    }

    @Test
    void everyMendSaysWhatIsWrongWithoutIt() {
        assertThat(Mend.all())
                .extracting(Mend::reason)
                .allSatisfy(reason -> assertThat(reason).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void theLabsMacsAreSixOctetsStableAndTheirOwn() {
        assertThat(LabMac.of("eni-0edbffee5a3fc601b"))
                .matches("02(:[0-9a-f]{2}){5}")
                .isEqualTo(LabMac.of("eni-0edbffee5a3fc601b"))
                .isNotEqualTo(LabMac.of("eni-5af171fe4fadbb4b2"));
    }

    @Test
    void aFormSurvivesDecodingAndEncoding() {
        String form = "Action=CreateTags&Tag.1.Value=a%26b+c%3D&Version=2016-11-15";

        assertThat(ProxiedCall.decode(form, Map.of()).encode()).isEqualTo(form);
    }
}
