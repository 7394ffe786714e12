package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.ProxySettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.InstanceId;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What really goes over HTTP, and what becomes of what comes back.
class AwsEc2OverHttpTest {

    private static final List<String> PROPERTIES = List.of(
            "aws.endpointUrlEc2", "aws.region", "aws.accessKeyId", "aws.secretAccessKey", "aws.disableEc2Metadata");

    /// `me:hunter2`.
    private static final String LOGIN = "Basic bWU6aHVudGVyMg==";

    @AfterEach
    void forget() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            status | code                  | kind              | advice
            401    | AuthFailure           | NOT_AUTHENTICATED | EC2 does not know these credentials in this region
            403    | AuthFailure           | UNAUTHORIZED      | it may belong to another account or AWS service
            400    | AuthFailure           | UNAUTHORIZED      | the role needs ec2:DescribeNetworkInterfaces
            403    | InvalidClientTokenId  | NOT_AUTHENTICATED | EC2 does not know these credentials in this region
            400    | RequestExpired        | NOT_AUTHENTICATED | this node's clock is off by 15 minutes or more, or the credentials
            401    | ExpiredToken          | NOT_AUTHENTICATED | the credentials have expired, ipamd asks their source for newer ones
            403    | SignatureDoesNotMatch | NOT_AUTHENTICATED | the secret access key is wrong, the clock is off, or a proxy changes
            400    | IncompleteSignature   | NOT_AUTHENTICATED | the secret access key is wrong, the clock is off, or a proxy changes
            401    | SomethingNew          | NOT_AUTHENTICATED | check the credentials
            403    | UnauthorizedOperation | UNAUTHORIZED      | the role needs ec2:DescribeNetworkInterfaces
            401    | UnauthorizedOperation | UNAUTHORIZED      | the role needs ec2:DescribeNetworkInterfaces
            403    | OptInRequired         | UNAUTHORIZED      | this AWS account may not use EC2 in this region
            """)
    void whatEc2RefusesIsToldApart(int status, String code, Kind kind, String advice) throws IOException {
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.ec2Refuses(status, code, "EC2's own words"))) {
            Ec2Failure failure = failureAt(ec2.url());

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.code()).contains(code);
            assertThat(failure)
                    .hasMessageStartingWith("ec2:DescribeNetworkInterfaces of i-1: " + code + " (EC2's own words): ")
                    .hasMessageContaining(advice);
        }
    }

    @Test
    void aFailureHasTheIdThatEc2GaveTheCall() throws IOException {
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.ec2Refuses(400, "InvalidInstanceID.NotFound", "unknown"))) {
            assertThat(failureAt(ec2.url()).requestId()).contains("r-1");
        }
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.hangUp())) {
            assertThat(failureAt(ec2.url()).requestId()).isEmpty();
            assertThat(failureAt(ec2.url()).code()).isEmpty();
        }
    }

    @Test
    void aRefusalWithoutABodyIsNoLostAnswer() throws IOException {
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.text(401, ""))) {
            Ec2Failure failure = failureAt(ec2.url());

            assertThat(failure.kind()).isEqualTo(Kind.NOT_AUTHENTICATED);
            assertThat(failure).hasMessageContaining(": refused without a code (HTTP status 401): ");
        }
    }

    @Test
    void aClockThatIsOffIsNamedAndTheNextCallIsSignedWithEc2sTime() throws IOException {
        Instant theirs = Clock.systemUTC().instant().plus(Duration.ofMinutes(20));
        try (AwsAnswers ec2 = AwsAnswers.with(
                        AwsAnswers.ec2Refuses(401, "AuthFailure", "AWS was not able to validate")
                                .at(theirs),
                        AwsAnswers.noEnis().at(Clock.systemUTC().instant()));
                AwsEc2 client = clientOf(ec2.url())) {
            Ec2Failure failure = failureOf(client);

            assertThat(failure.getMessage())
                    .containsPattern("validate; this node's clock is (1199|1200|1201) s behind EC2's: set it\\): ");
            assertThat(client.access().clockAhead()).isBetween(Duration.ofSeconds(-1201), Duration.ofSeconds(-1190));
            assertThat(client.access().clock())
                    .startsWith("this node's clock is ")
                    .endsWith(" s behind EC2's");

            assertThat(client.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))))
                    .isNotNull();
            assertThat(signedAt(ec2.asked.getLast())).isAfter(theirs.minusSeconds(60));
            assertThat(client.access().clock()).isEmpty();
        }
    }

    @Test
    void aRequestWhoseAnswerIsLostIsNotSentAgain() throws IOException {
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.noEnis(), AwsAnswers.hangUp());
                AwsEc2 client = clientOf(ec2.url())) {
            assertThat(client.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))))
                    .isNotNull();

            assertThat(failureOf(client).kind()).isEqualTo(Kind.OUTCOME_UNKNOWN); // on the connection that was kept
            assertThat(ec2.asked).hasSize(2);
        }
    }

    @Test
    void aProxyIsShownItsPassword() throws IOException {
        try (AwsAnswers proxy = AwsAnswers.with(AwsAnswers.noEnis())) {
            ProxySettings proxies = ProxySettings.from(Map.of("HTTP_PROXY", "me:hunter2@127.0.0.1:" + proxy.port()));
            try (AwsEc2 client = clientOf(URI.create("http://ec2.example:8080"), proxies)) {
                assertThat(client.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))))
                        .isNotNull();
            }

            assertThat(proxy.asked.getFirst().path()).startsWith("http://ec2.example:8080");
            assertThat(proxy.asked.getFirst().proxyAuthorization()).isEqualTo(LOGIN);
        }
    }

    @Test
    void aProxyIsAskedForATunnelToATlsEndpointAndShownItsPasswordWhenItWantsOne() throws Exception {
        AwsAnswers.Answer login = new AwsAnswers.Answer(407, "", Map.of("Proxy-Authenticate", "Basic realm=\"corp\""));
        try (AwsAnswers proxy = AwsAnswers.with(login, AwsAnswers.text(502, ""))) {
            ProxySettings proxies = ProxySettings.from(Map.of("HTTPS_PROXY", "me:hunter2@127.0.0.1:" + proxy.port()));
            try (AwsEc2 client = clientOf(URI.create("https://ec2.example"), proxies)) {
                assertThat(failureOf(client).getMessage()).contains("502").doesNotContain("hunter2");
            }

            assertThat(proxy.asked).allMatch(asked -> asked.method().equals("CONNECT"));
            assertThat(proxy.asked).allMatch(asked -> asked.path().equals("ec2.example:443"));
            assertThat(proxy.asked.getLast().proxyAuthorization()).isEqualTo(LOGIN);
        }
    }

    @Test
    void whatNoProxyExemptsIsAskedDirectly() throws IOException {
        try (AwsAnswers ec2 = AwsAnswers.with(AwsAnswers.noEnis())) {
            ProxySettings proxies = ProxySettings.from(Map.of("HTTP_PROXY", "127.0.0.1:1"));
            try (AwsEc2 client = clientOf(ec2.url(), proxies)) { // loopback
                assertThat(client.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))))
                        .isNotNull();
            }
        }
    }

    /// `20260102T030405Z`.
    private static Instant signedAt(AwsAnswers.Asked asked) {
        return Instant.parse(asked.date().replaceFirst("(....)(..)(..)T(..)(..)(..)Z", "$1-$2-$3T$4:$5:$6Z"));
    }

    private static Ec2Failure failureAt(URI url) {
        try (AwsEc2 client = clientOf(url)) {
            return failureOf(client);
        }
    }

    private static Ec2Failure failureOf(AwsEc2 client) {
        return catchThrowableOfType(Ec2Failure.class, () -> client.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))));
    }

    private static AwsEc2 clientOf(URI url) {
        return clientOf(url, ProxySettings.NONE);
    }

    /// System properties stand for the environment.
    private static AwsEc2 clientOf(URI url, ProxySettings proxies) {
        System.setProperty("aws.endpointUrlEc2", url.toString());
        System.setProperty("aws.region", "eu-central-1");
        System.setProperty("aws.accessKeyId", "AKIATEST");
        System.setProperty("aws.secretAccessKey", "secret");
        return AwsEc2.open("test", Map.of(), proxies, Clock.systemUTC());
    }

    @Test
    void theRegionThatImdsNamedStandsInWhenTheSdkFindsNone() throws IOException {
        AtomicReference<String> region = new AtomicReference<>("");
        try (AwsAnswers answers = AwsAnswers.with(AwsAnswers.ec2Refuses(403, "UnauthorizedOperation", "no"))) {
            System.setProperty("aws.endpointUrlEc2", answers.url().toString());
            System.setProperty("aws.disableEc2Metadata", "true");
            System.setProperty("aws.accessKeyId", "AKIATEST");
            System.setProperty("aws.secretAccessKey", "secret");
            try (AwsEc2 ec2 = AwsEc2.open("test", Map.of(), ProxySettings.NONE, Clock.systemUTC(), region::get)) {
                assertThat(failureOf(ec2))
                        .hasMessage(
                                "ec2:DescribeNetworkInterfaces of i-1: not asked: neither the environment, the shared"
                                        + " files nor IMDS name a region: set AWS_REGION");

                region.set("eu-west-1");

                assertThat(failureOf(ec2).code()).contains("UnauthorizedOperation");
            }
        }
    }
}
