package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// What is known of the credentials as time goes on.
class Ec2CredentialsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final Deque<Supplier<AwsCredentials>> given = new ArrayDeque<>();

    private int opened;

    private Instant now = START;

    private final Ec2Credentials credentials = Ec2Credentials.of(
            () -> new CredentialsChoice(CredentialsSource.POD_IDENTITY, "http://169.254.170.23/v1/credentials"),
            _ -> {
                opened++;
                return () -> given.removeFirst().get();
            },
            () -> now);

    @Test
    void anAgentThatComesLaterIsSaidToBeAwayAndTriedAgain() {
        given.add(() -> {
            throw new UncheckedIOException(new IOException("Connection refused"));
        });
        given.add(() -> key("ASIA1", START.plusSeconds(3600)));

        assertThatThrownBy(credentials::resolveCredentials)
                .isInstanceOf(CredentialsFailure.class)
                .hasMessage("no credentials from EKS Pod Identity, http://169.254.170.23/v1/credentials: it does not"
                        + " answer (Connection refused): is eks-pod-identity-agent running on this node? ipamd goes on"
                        + " trying");
        assertThat(credentials.report().failure()).contains("it does not answer");
        assertThat(credentials.report().since()).isEqualTo(START);

        now = START.plusSeconds(15);
        assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");
        assertThat(credentials.report())
                .isEqualTo(new CredentialsReport(
                        CredentialsSource.POD_IDENTITY,
                        "http://169.254.170.23/v1/credentials",
                        now,
                        "ASIA1",
                        Optional.of(START.plusSeconds(3600)),
                        ""));
    }

    @Test
    void whatEc2RefusesIsAskedForAnewOnceAMinuteAtMost() {
        for (int i = 0; i < 4; i++) {
            given.add(() -> key("ASIA1", START.plusSeconds(3600)));
        }
        credentials.resolveCredentials();
        credentials.refused();
        credentials.resolveCredentials();
        assertThat(opened).isEqualTo(1);

        now = START.plus(Duration.ofMinutes(1));
        credentials.refused();
        credentials.resolveCredentials();
        credentials.refused();
        credentials.resolveCredentials();
        assertThat(opened).isEqualTo(2);
    }

    @Test
    void sharedFilesThatCannotBeReadAreReadAgainByTheNextCall() {
        Deque<CredentialsChoice> choices = new ArrayDeque<>();
        CredentialsChoice broken = new CredentialsChoice(
                CredentialsSource.PROFILE,
                "default",
                Optional.of(
                        new IllegalArgumentException("Expected an '=' sign defining a property on line 2: hunter2")));
        choices.add(broken);
        choices.add(broken);
        choices.add(new CredentialsChoice(CredentialsSource.INSTANCE_ROLE, ""));
        Ec2Credentials ofFiles = Ec2Credentials.of(choices::removeFirst, _ -> () -> key("ASIA1", START), () -> now);

        assertThatThrownBy(ofFiles::resolveCredentials)
                .isInstanceOf(CredentialsFailure.class)
                .hasMessage("no credentials from a profile of the shared files, default: IllegalArgumentException (line"
                        + " 2): check the shared files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE); no other"
                        + " credentials are used instead");
        assertThat(ofFiles.report().source()).isEqualTo(CredentialsSource.PROFILE);
        assertThat(ofFiles.report().failure()).contains("line 2");

        assertThat(ofFiles.resolveCredentials().accessKeyId()).isEqualTo("ASIA1");
        assertThat(ofFiles.report().source()).isEqualTo(CredentialsSource.INSTANCE_ROLE);
        assertThat(ofFiles.report().failure()).isEmpty();
    }

    @Test
    void noExceptionThatMayHoldATokenIsQuoted() {
        given.add(() -> {
            throw new IllegalStateException("choked on hunter2");
        });

        assertThatThrownBy(credentials::resolveCredentials)
                .hasMessageContaining("IllegalStateException")
                .hasMessageNotContaining("hunter2");
    }

    private static AwsCredentials key(String id, Instant end) {
        return AwsSessionCredentials.builder()
                .accessKeyId(id)
                .secretAccessKey("hunter2")
                .sessionToken("hunter3")
                .expirationTime(end)
                .build();
    }
}
