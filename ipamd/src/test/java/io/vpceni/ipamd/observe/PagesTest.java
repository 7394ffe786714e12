package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PagesTest {

    @Test
    void whileIpamdStartsThePagesNameTheCredentialsThatTheirHintIsAbout() throws Exception {
        Readiness readiness = new Readiness();
        Pages pages = new Pages(readiness, new Metrics("1.2.3"));
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        pages.showAccess(
                () -> new Ec2Access(
                        new CredentialsReport(
                                CredentialsSource.POD_IDENTITY, "http://agent", now, "ASIA1", Optional.empty(), ""),
                        Duration.ZERO,
                        List.of()),
                () -> now);
        readiness.starting("ipamd cannot start yet: EC2 refuses (ipamctl cloud names it)");

        HttpPages.Answer answer = java.util.Objects.requireNonNull(
                        pages.introspection().get("/v1/cloud"))
                .render("");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo(
                        "ipamd cannot start yet: EC2 refuses (ipamctl cloud names it). Credentials: EKS Pod Identity,"
                                + " http://agent, access key ASIA1, without an end.\n");
    }
}
