package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.aws.AwsAnswers;
import io.vpceni.eni.aws.AwsAnswers.Asked;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each source of the SDK's chain that a pod on EKS can have, in a process of its own with that environment, against
/// a fake EC2, STS, agent and IMDS. No output of any holds a secret.
class CredentialsTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/vpc-eni";

    private static final Instant END = Instant.parse("2999-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private AwsAnswers ec2;

    @BeforeEach
    void ec2() throws IOException {
        ec2 = AwsAnswers.with(AwsAnswers.noEnis());
    }

    @AfterEach
    void close() throws IOException {
        ec2.close();
    }

    @Test
    void keysInTheEnvironmentSignAndStsIsNotLoaded() throws IOException, InterruptedException {
        List<String> said = probe(Map.of("AWS_ACCESS_KEY_ID", "AKIAENV", "AWS_SECRET_ACCESS_KEY", "hunter2"));

        assertThat(signer()).isEqualTo("AKIAENV");
        assertThat(said)
                .anyMatch(line -> line.contains("EC2 is called with keys in AWS_ACCESS_KEY_ID")
                        && line.contains("accessKey=AKIAENV")
                        && line.contains("expires=never"));
        assertThat(loaded()).noneMatch(line -> line.contains("awssdk.services.sts."));
    }

    @Test
    void keysInSystemPropertiesGoBeforeAllOthers() throws IOException, InterruptedException {
        probe(
                Map.of("AWS_ACCESS_KEY_ID", "AKIAENV", "AWS_SECRET_ACCESS_KEY", "hunter2"),
                "-Daws.accessKeyId=AKIAPROPERTY",
                "-Daws.secretAccessKey=hunter2");

        assertThat(signer()).isEqualTo("AKIAPROPERTY");
    }

    @Test
    void aServiceAccountsRoleIsAskedOfStsWithTheToken() throws IOException, InterruptedException {
        try (AwsAnswers sts = AwsAnswers.with(AwsAnswers.stsGives("ASIAROLE", END))) {
            List<String> said = probe(webIdentity(sts, token("header.claims.signature")));

            Asked asked = sts.asked.getFirst();
            assertThat(asked.body())
                    .contains("Action=AssumeRoleWithWebIdentity")
                    .contains("WebIdentityToken=header.claims.signature")
                    .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fvpc-eni")
                    .contains("RoleSessionName=vpc-eni-ipam-node-7");
            assertThat(asked.authorization()).isEmpty();
            assertThat(signer()).isEqualTo("ASIAROLE");
            assertThat(said)
                    .anyMatch(line -> line.contains("EC2 is called with the service account's role")
                            && line.contains(ROLE)
                            && line.contains(END.toString()));
            assertThat(sts.asked).hasSize(1);
        }
    }

    @Test
    void aServiceAccountsRoleThatStsRefusesIsSaidAndTheInstancesRoleIsNotUsed()
            throws IOException, InterruptedException {
        try (AwsAnswers sts = AwsAnswers.with(AwsAnswers.stsRefuses(
                        403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"));
                AwsAnswers imds = AwsAnswers.with(AwsAnswers.text(200, "x"))) {
            List<String> said = probe(with(
                    webIdentity(sts, token("t")),
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                    imds.url().toString()));

            String words = "no credentials from the service account's role (web identity), " + ROLE
                    + ": STS refuses (AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity): the role's"
                    + " trust policy must name the cluster's OIDC provider and this service account; the instance's role"
                    + " is not used instead";
            assertThat(said)
                    .contains("failure NO_CREDENTIALS: ec2:DescribeNetworkInterfaces of i-1: not asked (" + words
                            + "): see docs/iam.md");
            assertThat(said)
                    .filteredOn(line -> line.contains("EC2 cannot be called: no credentials"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(words);
            assertThat(ec2.asked).isEmpty();
            assertThat(imds.asked).isEmpty();
        }
    }

    @Test
    void aTokenThatIsMissingOrExpiredIsNamed() throws IOException, InterruptedException {
        try (AwsAnswers sts =
                AwsAnswers.with(AwsAnswers.stsRefuses(400, "ExpiredTokenException", "Token expired: current date"))) {
            assertThat(probe(webIdentity(sts, directory.resolve("none"))))
                    .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                            && line.contains("the token file " + directory.resolve("none") + " is not there"));
            assertThat(sts.asked).isEmpty();

            assertThat(probe(webIdentity(sts, token("old"))))
                    .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                            && line.contains("STS refuses (ExpiredTokenException: Token expired: current date): the"
                                    + " kubelet renews the token"));
        }
    }

    @Test
    void podIdentitysAgentIsShownItsTokenAndSaidToBeAwayUntilItIsThere() throws IOException, InterruptedException {
        Path token = token("pod.identity.token");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Map<String, String> environment = Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + port + "/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                token.toString());
        assertThat(probe(environment))
                .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                        && line.contains("no credentials from the container credentials endpoint")
                        && line.contains(
                                "it does not answer (Connection refused): is it running? ipamd goes on trying"));
        assertThat(ec2.asked).isEmpty();

        try (AwsAnswers agent = AwsAnswers.with(AwsAnswers.keys("ASIAPOD", END))) {
            probe(with(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url() + "/v1/credentials"));

            assertThat(agent.asked).hasSize(1);
            assertThat(agent.asked.getFirst().path()).isEqualTo("/v1/credentials");
            assertThat(agent.asked.getFirst().authorization()).isEqualTo("pod.identity.token");
            assertThat(signer()).isEqualTo("ASIAPOD");
        }
    }

    /// The SDK's own complaint would show it.
    @Test
    void aTokenThatIsNoHeaderIsNamedAndNotShown() throws IOException, InterruptedException {
        Path token = token("pod.identity.token\n");

        assertThat(probe(Map.of(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        "http://127.0.0.1:1/v1/credentials",
                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                        token.toString())))
                .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                        && line.contains("check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
    }

    @Test
    void anEndpointThatRefusesIsNamedWithItsWords() throws IOException, InterruptedException {
        try (AwsAnswers agent = AwsAnswers.with(AwsAnswers.text(
                403, "{\"message\":\"(AccessDeniedException): no association for the service account\"}"))) {
            List<String> said = probe(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url() + "/v1/credentials"));

            assertThat(said)
                    .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                            && line.contains("it refuses (HTTP status 403: (AccessDeniedException): no association"));
        }
    }

    @Test
    void aProfileTakesItsRoleFromStsWithItsSourcesKeys() throws IOException, InterruptedException {
        Path config = Files.writeString(
                directory.resolve("config"),
                "[profile node]\nrole_arn = " + ROLE + "\nsource_profile = base\nrole_session_name = s\n"
                        + "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hunter2\n");
        try (AwsAnswers sts = AwsAnswers.with(AwsAnswers.stsGivesRole("ASIAPROFILE", END))) {
            List<String> said = probe(Map.of(
                    "AWS_PROFILE", "node",
                    "AWS_CONFIG_FILE", config.toString(),
                    "AWS_ENDPOINT_URL_STS", sts.url().toString()));

            assertThat(sts.asked.getFirst().authorization()).contains("AKIABASE");
            assertThat(signer()).isEqualTo("ASIAPROFILE");
            assertThat(said).anyMatch(line -> line.contains("EC2 is called with a profile") && line.contains("node"));
        }
    }

    @Test
    void aProfileThatIsNotThereIsAFaultAndNoReasonToTakeTheInstancesRole() throws IOException, InterruptedException {
        assertThat(probe(Map.of("AWS_PROFILE", "missing")))
                .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                        && line.contains("no credentials from a profile of the shared files, missing: ")
                        && line.contains("no other credentials are used instead"));
    }

    @Test
    void aMalformedSharedFileEndsNothingAndIsNamedOnce() throws IOException, InterruptedException {
        Path config =
                Files.writeString(directory.resolve("config"), "[default]\nregion = eu-central-1\nhunter2 no sign\n");

        List<String> said = probe(3, Map.of("AWS_CONFIG_FILE", config.toString()));

        assertThat(said)
                .filteredOn(line -> line.startsWith("failure NO_CREDENTIALS")
                        && line.contains("no credentials from a profile of the shared files, default: ")
                        && line.contains(" (line 3): check the shared files (AWS_CONFIG_FILE"))
                .hasSize(3);
        assertThat(said)
                .filteredOn(line -> line.contains("EC2 cannot be called: no credentials"))
                .hasSize(1);
        assertThat(said).anyMatch(line -> line.startsWith("report: ") && line.contains("source=PROFILE"));
        assertThat(ec2.asked).isEmpty();
    }

    /// STS puts the time into the words of some refusals, and each has a request's ID.
    @Test
    void aRefusalWhoseWordsChangeIsLoggedOnce() throws IOException, InterruptedException {
        try (AwsAnswers sts = AwsAnswers.with(
                AwsAnswers.stsRefuses(400, "ExpiredTokenException", "Token expired: current date 1"),
                AwsAnswers.stsRefuses(400, "ExpiredTokenException", "Token expired: current date 2"),
                AwsAnswers.stsRefuses(400, "ExpiredTokenException", "Token expired: current date 3"))) {
            List<String> said = probe(3, webIdentity(sts, token("old")));

            assertThat(sts.asked).hasSize(3);
            assertThat(said)
                    .filteredOn(line -> line.contains("EC2 cannot be called: no credentials"))
                    .hasSize(1);
            assertThat(said).anyMatch(line -> line.startsWith("report: ") && line.contains("current date 3"));
            assertThat(said).noneMatch(line -> line.contains("Request ID"));
        }
    }

    @Test
    void theInstancesRoleComesFromImds() throws IOException, InterruptedException {
        try (AwsAnswers imds = AwsAnswers.with(
                AwsAnswers.text(200, "session-token"),
                AwsAnswers.text(200, "node-role"),
                AwsAnswers.keys("ASIANODE", END))) {
            List<String> said =
                    probe(Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url().toString()));

            assertThat(signer()).isEqualTo("ASIANODE");
            assertThat(said).anyMatch(line -> line.contains("EC2 is called with the instance's role (IMDS)"));
        }
        try (AwsAnswers imds =
                AwsAnswers.with(AwsAnswers.text(200, "session-token"), AwsAnswers.text(404, "Not found"))) {
            assertThat(probe(Map.of(
                            "AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.url().toString())))
                    .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                            && line.contains("the instance has no role: attach an instance profile"));
        }
        assertThat(probe(Map.of("AWS_EC2_METADATA_DISABLED", "true")))
                .anyMatch(line -> line.startsWith("failure NO_CREDENTIALS")
                        && line.contains("AWS_EC2_METADATA_DISABLED=true forbids the instance's role"));
    }

    @Test
    void keysThatHaveExpiredAreUsedAndNamed() throws IOException, InterruptedException {
        Instant past = Instant.parse("2020-01-01T00:00:00Z");
        try (AwsAnswers sts = AwsAnswers.with(AwsAnswers.stsGives("ASIAOLD", past))) {
            ec2.close();
            ec2 = AwsAnswers.with(AwsAnswers.ec2Refuses(401, "ExpiredToken", "The security token has expired"));

            List<String> said = probe(webIdentity(sts, token("t")));

            assertThat(said)
                    .anyMatch(line ->
                            line.contains("The credentials for EC2 have expired") && line.contains(past.toString()));
            assertThat(said)
                    .anyMatch(line -> line.startsWith("failure NOT_AUTHENTICATED")
                            && line.contains(
                                    "ExpiredToken (The security token has expired): the credentials have expired"));
        }
    }

    @Test
    void manyCallsWithoutCredentialsAreNoFailureOfEc2s() throws IOException, InterruptedException {
        List<String> said = probe(10, Map.of("AWS_PROFILE", "missing"));

        assertThat(said)
                .filteredOn(line -> line.startsWith("failure NO_CREDENTIALS"))
                .hasSize(10);
        assertThat(said)
                .filteredOn(line -> line.contains("EC2 cannot be called: no credentials"))
                .hasSize(1);
    }

    private Map<String, String> webIdentity(AwsAnswers sts, Path token) {
        return Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                token.toString(),
                "AWS_ROLE_ARN",
                ROLE,
                "AWS_STS_REGIONAL_ENDPOINTS",
                "regional",
                "AWS_ENDPOINT_URL_STS",
                sts.url().toString(),
                "MY_NODE_NAME",
                "node-7");
    }

    private Path token(String text) throws IOException {
        return Files.writeString(directory.resolve("token"), text);
    }

    private static Map<String, String> with(Map<String, String> some, String name, String value) {
        Map<String, String> all = new TreeMap<>(some);
        all.put(name, value);
        return all;
    }

    /// The access key of EC2's last request.
    private String signer() {
        return ec2.asked.getLast().authorization().replaceAll(".*Credential=([^/]*)/.*", "$1");
    }

    private List<String> loaded() throws IOException {
        return Files.readAllLines(directory.resolve("classes"));
    }

    private List<String> probe(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        return probe(1, environment, options);
    }

    private List<String> probe(int calls, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:class+load:file=" + directory.resolve("classes"),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.add(CredentialsProbe.class.getName());
        command.add(String.valueOf(calls));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "HOME", directory.toString(),
                        "AWS_REGION", "eu-central-1",
                        "AWS_ENDPOINT_URL_EC2", ec2.url().toString()));
        builder.environment().putAll(environment);
        Path output = directory.resolve("output");
        Process process = builder.redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS))
                    .as("the probe ends")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> said = Files.readAllLines(output);
        assertThat(said)
                .noneMatch(line ->
                        line.contains("hunter") || line.contains("signature") || line.contains("pod.identity.token"));
        assertThat(process.exitValue()).as("%s", said).isZero();
        return said;
    }
}
