package io.vpceni.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/// The AWS SDK's variables that decide how EC2 is called, with the checks for values that would make the SDK fail
/// at its first call. docs/settings.md lists them.
final class SdkVariables {

    private static final String HOST_LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";

    private static final String URL = "an http or https URL";

    static final List<SdkVariable> READ = List.of(
            new SdkVariable(
                    "AWS_REGION",
                    "a region's name, as in eu-central-1",
                    "Region of EC2 and STS; unset: read from IMDS.",
                    text -> text.matches(HOST_LABEL)),
            url("AWS_ENDPOINT_URL", "Endpoint of every AWS service."),
            url("AWS_ENDPOINT_URL_EC2", "Endpoint of EC2; overrides AWS_ENDPOINT_URL."),
            url("AWS_ENDPOINT_URL_STS", "Endpoint of STS; overrides AWS_ENDPOINT_URL."),
            flag("AWS_USE_DUALSTACK_ENDPOINT", "true: dual-stack endpoints, with IPv4 and IPv6 addresses."),
            flag("AWS_USE_FIPS_ENDPOINT", "true: FIPS endpoints."),
            new SdkVariable(
                    "AWS_STS_REGIONAL_ENDPOINTS",
                    "regional or legacy",
                    "legacy: STS is called at sts.amazonaws.com; otherwise in the region.",
                    oneOf("regional", "legacy")),
            url("AWS_EC2_METADATA_SERVICE_ENDPOINT", "Endpoint of IMDS."),
            new SdkVariable(
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                    "IPv4 or IPv6",
                    "The IP version with which the SDK calls IMDS, unless AWS_EC2_METADATA_SERVICE_ENDPOINT is "
                            + "set.",
                    oneOf("ipv4", "ipv6")),
            flag(
                    "AWS_EC2_METADATA_DISABLED",
                    "true: the SDK asks IMDS for neither region nor credentials; ipamd still reads the region "
                            + "there."),
            flag("AWS_EC2_METADATA_V1_DISABLED", "true: IMDSv1 is never used."),
            new SdkVariable(
                    "AWS_METADATA_SERVICE_TIMEOUT",
                    "seconds",
                    "How long the SDK waits for IMDS.",
                    text -> text.matches("[0-9]{1,4}([.][0-9]{1,3})?")),
            url("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL of the Pod Identity agent, which gives credentials."),
            new SdkVariable(
                    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                    "a path that begins with a slash",
                    "The same on Amazon ECS, as a path.",
                    text -> text.startsWith("/")),
            path("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "File with the token for the Pod Identity agent."),
            path("AWS_WEB_IDENTITY_TOKEN_FILE", "File with the service account's token, for which STS gives the role."),
            new SdkVariable(
                    "AWS_ROLE_ARN",
                    "a role's ARN, as in arn:aws:iam::111122223333:role/vpc-eni",
                    "That role.",
                    text -> text.matches("arn:[a-z0-9-]+:iam::[0-9]{12}:role/[\\x21-\\x7e]{1,512}")),
            new SdkVariable(
                    "AWS_ROLE_SESSION_NAME",
                    "2 to 64 letters, digits or one of +=,.@_-",
                    "Session name in CloudTrail; unset: this product's name and the node's.",
                    text -> text.matches("[A-Za-z0-9+=,.@_-]{2,64}")),
            flag("AWS_DISABLE_REQUEST_COMPRESSION", "No effect here, but the SDK does not start with another value."),
            new SdkVariable(
                    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
                    "0 to 10485760",
                    "The same.",
                    text -> Texts.integer(text, 0, 10_485_760).isPresent()));

    private SdkVariables() {}

    static void refuse(Reading reading) {
        for (SdkVariable variable : READ) {
            String text = reading.text(variable.name());
            if (text.isEmpty() || variable.allows().test(text)) {
                continue;
            }
            if (text.contains("@")) { // perhaps a URL with a password
                reading.secretProblem(variable.name(), "want " + variable.allowed());
            } else {
                reading.problem(variable.name(), "want " + variable.allowed());
            }
        }
        together(reading, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        together(reading, "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
        together(reading, "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN");
        together(reading, "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE");
    }

    /// The SDK ignores one variable without the other, and silently uses the node's own role.
    private static void together(Reading reading, String name, String other) {
        if (!reading.text(name).isEmpty() && reading.text(other).isEmpty()) {
            reading.secretProblem(name, "has no effect without " + other + ": set both or neither");
        }
    }

    private static SdkVariable flag(String name, String meaning) {
        return new SdkVariable(name, "true or false", meaning, oneOf("true", "false"));
    }

    private static SdkVariable url(String name, String meaning) {
        return new SdkVariable(name, URL, meaning, SdkVariables::isUrl);
    }

    private static SdkVariable path(String name, String meaning) {
        return new SdkVariable(
                name,
                "an absolute path",
                meaning,
                text -> Texts.absolutePath(text).isPresent());
    }

    private static Predicate<String> oneOf(String... lowerCase) {
        Set<String> allowed = Set.of(lowerCase);
        return text -> allowed.contains(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null
                    && uri.getScheme() != null
                    && uri.getScheme().matches("(?i)https?");
        } catch (URISyntaxException notAUrl) {
            return false;
        }
    }
}
