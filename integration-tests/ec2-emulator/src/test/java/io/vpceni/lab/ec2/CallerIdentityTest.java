package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.imds.RoleCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `sts get-caller-identity`, and the keys that people use for emulations.
class CallerIdentityTest {
    private static final String QUESTION = "Action=GetCallerIdentity&Version=2011-06-15";

    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    @AutoClose
    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @CsvSource({Ec2Emulation.ADMINISTRATOR_KEY_ID + ",administrator", "test,test"})
    void peopleAreUsersOfTheAccount(String keyId, String user) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(QUESTION, keyId, "sts", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
                .contains("<Arn>arn:aws:iam::111122223333:user/" + user + "</Arn>", "<Account>111122223333</Account>");
    }

    @Test
    void aNodeIsASessionOfItsRole() throws IOException, InterruptedException {
        String instanceId = emulated.world("10.20.0.0/24").launch("t3.small").instanceId();
        RoleCredentials role =
                emulated.emulation().nodeView(instanceId).credentials().orElseThrow();

        HttpResponse<String> answer = ask(QUESTION, role.accessKeyId(), "sts", role.sessionToken());

        assertThat(answer.body())
                .contains("<Arn>arn:aws:sts::111122223333:assumed-role/vpc-eni-node/" + instanceId + "</Arn>")
                .containsPattern("<UserId>AROA[A-Z0-9]+:" + instanceId + "</UserId>");
    }

    @Test
    void aStrangerIsRefusedAsStsDoesIt() throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(QUESTION, "AKIANOBODYKNOWSTHIS0", "sts", "");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<Type>Sender</Type><Code>InvalidClientTokenId</Code>");
    }

    @Test
    void noKeyIsMissed() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(emulated.endpoint()).POST(HttpRequest.BodyPublishers.ofString(QUESTION)));

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("<Code>MissingAuthenticationToken</Code>");
    }

    @Test
    void otherActionsOfStsAreNotThere() throws IOException, InterruptedException {
        assertThat(ask("Action=AssumeRole&Version=2011-06-15", "test", "sts", "")
                        .body())
                .contains("<Code>InvalidAction</Code>", "This emulation has one action of STS, GetCallerIdentity");
    }

    @Test
    void theKeyTestMayDoEverything() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                ask("Action=CreateVpc&Version=2016-11-15&CidrBlock=10.9.0.0%2F16", "test", "ec2", "");

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void anotherServiceIsToldThatItIsNotHere() throws IOException, InterruptedException {
        assertThat(ask("Action=ListBuckets&Version=2006-03-01", "test", "s3", "")
                        .body())
                .contains("This is an emulation of EC2", "the request is for 's3'", "AWS_ENDPOINT_URL_EC2");
    }

    @Test
    void theArnIsOfTheRegionsPartition() throws IOException, InterruptedException {
        try (EmulatedEc2 china =
                new EmulatedEc2(Ec2Settings.defaults().withRegion(new Region("cn-north-1")), new SteppedTime())) {
            assertThat(ask(china.endpoint(), QUESTION, "test", "sts", "").body())
                    .contains("<Arn>arn:aws-cn:iam::111122223333:user/test</Arn>");
        }
    }

    private HttpResponse<String> ask(String form, String keyId, String service, String token)
            throws IOException, InterruptedException {
        return ask(emulated.endpoint(), form, keyId, service, token);
    }

    private HttpResponse<String> ask(URI endpoint, String form, String keyId, String service, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + keyId + "/20260101/us-east-1/" + service
                                + "/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (!token.isEmpty()) {
            request.header("X-Amz-Security-Token", token);
        }
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
