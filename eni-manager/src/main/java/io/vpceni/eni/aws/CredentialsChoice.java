package io.vpceni.eni.aws;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/// The one configured source of credentials: the first in the SDK's order. The SDK itself would try the next source
/// when one fails, down to the instance's role, and so silently use a role that is not meant for it.
///
/// @param identity a role's ARN, a URL, or a profile's name; "" when the source has none before the first call
/// @param unreadable why the shared files cannot be read; then it is unknown whether they have a profile, and no other
///     source is used
record CredentialsChoice(CredentialsSource source, String identity, Optional<RuntimeException> unreadable) {

    private static final String PROFILE_DEFAULT = "default";

    private static final List<String> POD_IDENTITY_HOSTS = List.of("169.254.170.23", "[fd00:ec2::23]");

    /// A profile with one of these keys has credentials.
    private static final List<String> PROFILE_KEYS = List.of(
            "aws_access_key_id",
            "role_arn",
            "credential_process",
            "web_identity_token_file",
            "sso_session",
            "sso_start_url");

    CredentialsChoice(CredentialsSource source, String identity) {
        this(source, identity, Optional.empty());
    }

    /// @param property value of a system property, "" when unset
    /// @param files the shared files' profiles
    static CredentialsChoice of(Map<String, String> environment, UnaryOperator<String> property, Files files) {
        EnvironmentTexts texts = new EnvironmentTexts(environment);
        if (!property.apply("aws.accessKeyId").isEmpty()) {
            return new CredentialsChoice(CredentialsSource.SYSTEM_PROPERTIES, "");
        }
        if (texts.isSet("AWS_ACCESS_KEY_ID")) {
            return new CredentialsChoice(CredentialsSource.ENVIRONMENT, "");
        }
        if (texts.isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) {
            return new CredentialsChoice(CredentialsSource.WEB_IDENTITY, texts.of("AWS_ROLE_ARN"));
        }
        String profile = texts.isSet("AWS_PROFILE") ? texts.of("AWS_PROFILE") : PROFILE_DEFAULT;
        try {
            if (givesCredentials(files.profile(profile), texts.isSet("AWS_PROFILE"))) {
                return new CredentialsChoice(CredentialsSource.PROFILE, profile);
            }
        } catch (RuntimeException e) {
            return new CredentialsChoice(CredentialsSource.PROFILE, profile, Optional.of(e));
        }
        if (texts.isSet("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
            return new CredentialsChoice(
                    CredentialsSource.CONTAINER, texts.of("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
        }
        if (texts.isSet("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
            return endpoint(texts.of("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        }
        return new CredentialsChoice(
                texts.of("AWS_EC2_METADATA_DISABLED").equalsIgnoreCase("true")
                        ? CredentialsSource.NONE
                        : CredentialsSource.INSTANCE_ROLE,
                "");
    }

    /// A named profile that does not exist is a failure of that source; no other source is used.
    private static boolean givesCredentials(Optional<Profile> profile, boolean named) {
        return profile.map(some -> PROFILE_KEYS.stream().anyMatch(some.properties()::containsKey))
                .orElse(named);
    }

    private static CredentialsChoice endpoint(String url) {
        boolean agent =
                POD_IDENTITY_HOSTS.contains(String.valueOf(URI.create(url).getHost()));
        return new CredentialsChoice(agent ? CredentialsSource.POD_IDENTITY : CredentialsSource.CONTAINER, url);
    }

    /// The shared files.
    interface Files {
        /// As the SDK reads them.
        Files SHARED = name -> ProfileFile.defaultProfileFile().profile(name);

        Optional<Profile> profile(String name);
    }

    private record EnvironmentTexts(Map<String, String> environment) {
        String of(String name) {
            return environment.getOrDefault(name, "").strip();
        }

        boolean isSet(String name) {
            return !of(name).isEmpty();
        }
    }
}
