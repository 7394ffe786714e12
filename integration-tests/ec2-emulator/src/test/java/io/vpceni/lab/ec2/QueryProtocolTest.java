package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The wire, without an SDK: what a client can get wrong, and what the answer then is.
class QueryProtocolTest {
    private static final String VERSION = "&Version=2016-11-15";
    private static final String SIGNED = "AWS4-HMAC-SHA256 Credential=" + Ec2Emulation.ADMINISTRATOR_KEY_ID
            + "/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0";

    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void anAnswerIsXmlInTheNamespaceOfTheVersionWithARequestId() throws IOException, InterruptedException {
        HttpResponse<String> answer = post("Action=DescribeVpcs" + VERSION);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/xml;charset=UTF-8");
        assertThat(answer.body())
                .contains("<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">")
                .containsPattern("<requestId>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}</requestId>");
    }

    @Test
    void aRefusalIsXmlWithCodeMessageAndRequestId() throws IOException, InterruptedException {
        HttpResponse<String> answer = post("Action=DescribeVolumes" + VERSION);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("<Response><Errors><Error><Code>InvalidAction</Code><Message>")
                .containsPattern("<RequestID>[0-9a-f-]{36}</RequestID></Response>$");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Version=2016-11-15                                                            | MissingParameter
            Action=DescribeVpcs                                                           | MissingParameter
            Action=DescribeVpcs&Version=2010-01-01                                        | NoSuchVersion
            Action=Nonsense&Version=2016-11-15                                            | InvalidAction
            Action=DescribeVpcs&Version=2016-11-15&Colour=red                             | UnknownParameter
            Action=DescribeVpcs&Version=2016-11-15&VpcId.x=vpc-0123456789abcdef0          | UnknownParameter
            Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-1                          | InvalidVpcID.Malformed
            Action=DescribeVpcs&Version=2016-11-15&VpcId.1=vpc-0123456789abcdef0          | InvalidVpcID.NotFound
            Action=DescribeVpcs&Version=2016-11-15&MaxResults=many                        | InvalidParameterValue
            Action=DescribeVpcs&Version=2016-11-15&DryRun=perhaps                         | InvalidParameterValue
            Action=DescribeVpcs&Version=2016-11-15&DryRun=true                            | DryRunOperation
            Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=colour&Filter.1.Value.1=x | InvalidParameterValue
            Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=vpc-id                   | MissingParameter
            Action=DescribeVpcs&Version=2016-11-15&VpcId.1=%ZZ                            | MalformedQueryString
            Action=DescribeVpcs&Action=DescribeVpcs&Version=2016-11-15                    | MalformedQueryString
            Action=CreateVpc&Version=2016-11-15                                           | MissingParameter
            Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/8                      | InvalidVpc.Range
            Action=DeleteNetworkInterface&Version=2016-11-15&NetworkInterfaceId=eni-1     | InvalidNetworkInterfaceID.Malformed
            Action=DescribeSubnets&Version=2016-11-15&SubnetId.1=subnet-XYZ               | InvalidSubnetID.Malformed
            Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-xyz                | InvalidInstanceID.Malformed
            Action=CreateTags&Version=2016-11-15&ResourceId.1=x&Tag.1.Key=a               | InvalidID
            """)
    void wrongRequestsAreRefusedWithEc2sCodes(String form, String code) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(form);

        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
        assertThat(answer.statusCode()).isEqualTo(code.equals("DryRunOperation") ? 412 : 400);
    }

    @Test
    void anActionThatOnlyEc2HasIsMissedInTheEmulation() throws IOException, InterruptedException {
        assertThat(post("Action=DescribeVolumes" + VERSION).body())
                .contains("This EC2 emulation does not have the action DescribeVolumes, which EC2 has")
                .contains("docs/ec2-emulation.md lists the actions", "./lab up --ec2 localstack");
    }

    @Test
    void anActionThatNobodyHasIsSaidToBeNone() throws IOException, InterruptedException {
        assertThat(post("Action=DescribeVolume" + VERSION).body())
                .contains("The action DescribeVolume is not valid for this web service: EC2 has none of that name");
    }

    @Test
    void aParameterOrFilterThatIsMissedIsMissedInTheEmulation() throws IOException, InterruptedException {
        assertThat(post("Action=DescribeVpcs" + VERSION + "&Colour=red").body())
                .contains("The parameter Colour is not recognized by this EC2 emulation");
        assertThat(post("Action=DescribeVpcs" + VERSION + "&Filter.1.Name=colour&Filter.1.Value.1=red")
                        .body())
                .contains("The filter 'colour' is invalid: this EC2 emulation knows ");
    }

    @Test
    void aGetWithAQueryIsAsGoodAsAPost() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(emulated.endpoint() + "/?Action=DescribeRegions" + VERSION))
                .header("Authorization", SIGNED)
                .build();

        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("<regionName>us-east-1</regionName>");
    }

    @Test
    void anotherMethodIsRefused() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(emulated.endpoint())
                .DELETE()
                .header("Authorization", SIGNED)
                .build();

        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void aRequestOfMoreThanAMegabyteIsRefused() throws IOException, InterruptedException {
        assertThat(post("Action=DescribeVpcs" + VERSION + "&Padding=" + "x".repeat(1 << 20))
                        .statusCode())
                .isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic YTpi",
                "AWS4-HMAC-SHA256 Credential=AKIANOBODYKNOWSTHIS0/20260101/us-east-1/ec2/aws4_request, Signature=0"
            })
    void aRequestWithoutAKnownKeyIsNobodys(String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(emulated.endpoint())
                .POST(HttpRequest.BodyPublishers.ofString("Action=DescribeVpcs" + VERSION));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }

        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("<Code>AuthFailure</Code>");
    }

    @Test
    void textIsEscapedInXml() throws IOException, InterruptedException {
        String vpcId = emulated.ec2()
                .createVpc(request -> request.cidrBlock("10.9.0.0/16"))
                .vpc()
                .vpcId();
        String description = "<a href=\"x\">&'ü\u0001";
        post("Action=CreateSecurityGroup" + VERSION + "&VpcId=" + vpcId + "&GroupName=g&GroupDescription="
                + URLEncoder.encode(description, StandardCharsets.UTF_8));

        assertThat(emulated.ec2()
                        .describeSecurityGroups(request -> request.filters(SdkTerms.filter("group-name", "g")))
                        .securityGroups()
                        .getFirst()
                        .description())
                .isEqualTo("<a href=\"x\">&'ü\uFFFD");
    }

    @Test
    void aSecondDoorLeadsToTheSameAccount() throws IOException, InterruptedException {
        emulated.ec2().createVpc(request -> request.cidrBlock("10.9.0.0/16"));
        URI door = emulated.emulation().addListener(EmulatedEc2.loopback());

        HttpRequest request = HttpRequest.newBuilder(door)
                .header("Authorization", SIGNED)
                .POST(HttpRequest.BodyPublishers.ofString("Action=DescribeVpcs" + VERSION))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("10.9.0.0/16");
    }

    private HttpResponse<String> post(String form) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(emulated.endpoint())
                .header("Authorization", SIGNED)
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
