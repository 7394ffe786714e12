package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the AWS SDK would trip over at its first call is a problem at start, by name.
class SdkVariablesTest {

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            name                                   | value                 | complaint
            AWS_REGION                             | us east_1             | want a region's name, as in eu-central-1
            AWS_ENDPOINT_URL                       | foo                   | want an http or https URL
            AWS_ENDPOINT_URL_EC2                   | ec2.local:80          | want an http or https URL
            AWS_ENDPOINT_URL_EC2                   | http://a b            | want an http or https URL
            AWS_ENDPOINT_URL_STS                   | ftp://x               | want an http or https URL
            AWS_USE_FIPS_ENDPOINT                  | yes                   | want true or false
            AWS_USE_DUALSTACK_ENDPOINT             | 1                     | want true or false
            AWS_STS_REGIONAL_ENDPOINTS             | global                | want regional or legacy
            AWS_EC2_METADATA_SERVICE_ENDPOINT      | 169.254.169.254       | want an http or https URL
            AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE | v6                    | want IPv4 or IPv6
            AWS_EC2_METADATA_DISABLED              | no                    | want true or false
            AWS_EC2_METADATA_V1_DISABLED           | on                    | want true or false
            AWS_METADATA_SERVICE_TIMEOUT           | 5s                    | want seconds
            AWS_CONTAINER_CREDENTIALS_FULL_URI     | 169.254.170.23        | want an http or https URL
            AWS_CONTAINER_CREDENTIALS_RELATIVE_URI | v2/credentials        | want a path that begins with a slash
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE | token                 | want an absolute path
            AWS_ROLE_SESSION_NAME                  | a b                   | want 2 to 64 letters, digits or one of +=,.@_-
            AWS_DISABLE_REQUEST_COMPRESSION        | yes                   | want true or false
            AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES | x                     | want 0 to 10485760
            """)
    void refused(String name, String value, String complaint) {
        assertThat(problemsOf(Map.of(name, value))).containsExactly(name + "='" + value + "': " + complaint);
    }

    @Test
    void allThatTheSdkTakesIsTakenAndEmptyIsUnset() throws SettingsException {
        for (SdkVariable variable : SdkVariables.READ) {
            assertThat(Settings.from(Map.of(variable.name(), ""))).isEqualTo(Settings.from(Map.of()));
        }
        Map<String, String> environment = Map.of(
                "AWS_REGION", "us-gov-west-1",
                "AWS_ENDPOINT_URL_EC2", "HTTPS://ec2.local:8443/path",
                "AWS_USE_FIPS_ENDPOINT", "TRUE",
                "AWS_STS_REGIONAL_ENDPOINTS", "regional",
                "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[fd00:ec2::254]",
                "AWS_METADATA_SERVICE_TIMEOUT", "5",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials",
                "AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
                "AWS_ROLE_ARN", "arn:aws-us-gov:iam::111122223333:role/path/vpc-eni");

        assertThat(Settings.from(environment)).isEqualTo(Settings.from(Map.of()));
    }

    @Test
    void halfOfAPairIsAProblemBecauseTheSdkWouldTakeTheNodesRole() {
        assertThat(problemsOf(Map.of("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/vpc-eni")))
                .containsExactly(
                        "AWS_ROLE_ARN: has no effect without AWS_WEB_IDENTITY_TOKEN_FILE: set both or neither");
        assertThat(problemsOf(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")))
                .containsExactly(
                        "AWS_WEB_IDENTITY_TOKEN_FILE: has no effect without AWS_ROLE_ARN: set both or neither");
        assertThat(problemsOf(Map.of("AWS_ACCESS_KEY_ID", "AKIASECRET")))
                .containsExactly("AWS_ACCESS_KEY_ID: has no effect without AWS_SECRET_ACCESS_KEY: set both or neither");
        assertThat(problemsOf(Map.of("AWS_SECRET_ACCESS_KEY", "hunter2")))
                .containsExactly("AWS_SECRET_ACCESS_KEY: has no effect without AWS_ACCESS_KEY_ID: set both or neither");
    }

    @Test
    void aPasswordInAUrlIsNotShown() {
        assertThat(problemsOf(Map.of("AWS_ENDPOINT_URL_EC2", "me:hunter2@ec2")))
                .containsExactly("AWS_ENDPOINT_URL_EC2: want an http or https URL");
    }

    private static List<String> problemsOf(Map<String, String> environment) {
        SettingsException refused = catchThrowableOfType(SettingsException.class, () -> Settings.from(environment));
        assertThat(refused).as("refusal of %s", environment).isNotNull();
        return refused.problems();
    }
}
