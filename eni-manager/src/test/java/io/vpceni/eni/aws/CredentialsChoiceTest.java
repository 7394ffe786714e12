package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.profiles.Profile;

/// One source, by the SDK's order.
class CredentialsChoiceTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/vpc-eni";

    @Test
    void theFirstThatIsConfiguredInTheSdksOrder() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "AWS_ACCESS_KEY_ID", "AKIA",
                "AWS_WEB_IDENTITY_TOKEN_FILE", "/token",
                "AWS_ROLE_ARN", ROLE,
                "AWS_PROFILE", "mine",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"));

        assertThat(CredentialsChoice.of(environment, _ -> "AKIA", _ -> Optional.empty())
                        .source())
                .isEqualTo(CredentialsSource.SYSTEM_PROPERTIES);
        assertThat(of(environment).source()).isEqualTo(CredentialsSource.ENVIRONMENT);
        environment.put("AWS_ACCESS_KEY_ID", "");
        assertThat(of(environment)).isEqualTo(new CredentialsChoice(CredentialsSource.WEB_IDENTITY, ROLE));
        environment.remove("AWS_WEB_IDENTITY_TOKEN_FILE");
        assertThat(of(environment)).isEqualTo(new CredentialsChoice(CredentialsSource.PROFILE, "mine"));
        environment.remove("AWS_PROFILE");
        assertThat(of(environment))
                .isEqualTo(
                        new CredentialsChoice(CredentialsSource.POD_IDENTITY, "http://169.254.170.23/v1/credentials"));
        environment.remove("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        assertThat(of(environment)).isEqualTo(new CredentialsChoice(CredentialsSource.INSTANCE_ROLE, ""));
        environment.put("AWS_EC2_METADATA_DISABLED", "True");
        assertThat(of(environment).source()).isEqualTo(CredentialsSource.NONE);
    }

    @Test
    void endpointsOfContainers() {
        assertThat(of(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1/credentials"))
                        .source())
                .isEqualTo(CredentialsSource.POD_IDENTITY);
        assertThat(of(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:51679/creds"))
                        .source())
                .isEqualTo(CredentialsSource.CONTAINER);
        assertThat(of(Map.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/1")))
                .isEqualTo(new CredentialsChoice(CredentialsSource.CONTAINER, "/v2/credentials/1"));
    }

    @Test
    void aProfileCountsWhenItGivesCredentialsOrIsAskedForAndNotThere() {
        Profile keys = profile(Map.of("aws_access_key_id", "AKIA", "aws_secret_access_key", "s"));
        Profile region = profile(Map.of("region", "eu-central-1"));

        assertThat(CredentialsChoice.of(Map.of(), _ -> "", _ -> Optional.of(keys)))
                .isEqualTo(new CredentialsChoice(CredentialsSource.PROFILE, "default"));
        assertThat(CredentialsChoice.of(Map.of(), _ -> "", _ -> Optional.of(region))
                        .source())
                .isEqualTo(CredentialsSource.INSTANCE_ROLE);
        assertThat(CredentialsChoice.of(Map.of("AWS_PROFILE", "p"), _ -> "", _ -> Optional.of(region))
                        .source())
                .isEqualTo(CredentialsSource.INSTANCE_ROLE);
        assertThat(of(Map.of("AWS_PROFILE", "p")).source()).isEqualTo(CredentialsSource.PROFILE);
    }

    @Test
    void sharedFilesThatCannotBeReadAreAFaultAndNoReasonToTakeTheInstancesRole() {
        IllegalArgumentException malformed = new IllegalArgumentException("malformed");

        assertThat(CredentialsChoice.of(Map.of(), _ -> "", _ -> {
                    throw malformed;
                }))
                .isEqualTo(new CredentialsChoice(CredentialsSource.PROFILE, "default", Optional.of(malformed)));
    }

    private static CredentialsChoice of(Map<String, String> environment) {
        return CredentialsChoice.of(environment, _ -> "", _ -> Optional.empty());
    }

    private static Profile profile(Map<String, String> properties) {
        return Profile.builder().name("p").properties(properties).build();
    }
}
