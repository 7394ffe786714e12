package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The members of `/v1/ec2`: programs read them by these names.
class Ec2StatusJsonTest {
    private static final PoolSnapshot POOL = new WarmPool(
                    new PoolSettings(0, 1, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 4))
            .snapshot(SampleEc2Status.NOW);

    private final JsonNode busy = json(SampleEc2Status.busy());

    @Test
    void theMembersAreThese() {
        assertThat(names(busy))
                .containsExactly(
                        "at",
                        "text",
                        "growthBlockedBy",
                        "circuit",
                        "terminating",
                        "openIntents",
                        "credentials",
                        "clockAheadSeconds",
                        "proxies",
                        "requests",
                        "pending",
                        "calls",
                        "refusals",
                        "budget",
                        "subnets",
                        "enis");
    }

    @Test
    void growthBlockedByIsMissingWhenNothingBlocksGrowth() {
        assertThat(json(SampleEc2Status.idle()).has("growthBlockedBy")).isFalse();
        assertThat(busy.path("growthBlockedBy").asText()).startsWith("EC2 throttles CreateNetworkInterface");
    }

    @Test
    void aRequestOfThePoolHasItsNumberAndItsText() {
        assertThat(busy.path("requests").path(0).toString())
                .isEqualTo("{\"request\":4,\"text\":\"a new ENI on network card 0 with 9 addresses\","
                        + "\"since\":\"2026-01-02T03:03:58Z\"}");
        assertThat(busy.path("pending").path(0).path("requests").path(0).asLong())
                .isEqualTo(4);
    }

    @Test
    void aCallInFlightHasActionAndSubject() {
        assertThat(busy.path("calls").path(0).toString())
                .isEqualTo("{\"action\":\"DescribeNetworkInterfaces\",\"subject\":\"i-0a\","
                        + "\"since\":\"2026-01-02T03:04:04Z\"}");
    }

    @Test
    void aBudgetCountsQueuedSentAndThrottledCalls() {
        assertThat(names(busy.path("budget"))).containsExactly("share", "queued", "inFlight", "inFlightMax", "actions");
        JsonNode create = busy.path("budget").path("actions").path(0);
        assertThat(create.path("action").asText()).isEqualTo("CreateNetworkInterface");
        assertThat(create.path("queued").asInt()).isEqualTo(1);
        assertThat(create.path("sent").asLong()).isEqualTo(9);
        assertThat(create.path("throttled").asLong()).isEqualTo(4);
    }

    @Test
    void aSubnetHasItsBackOffsOnlyWhileTheyLast() {
        assertThat(busy.path("subnets").path(0).toString())
                .isEqualTo("{\"id\":\"subnet-0a\",\"eligibility\":\"used\",\"primary\":true,\"addressesFree\":3,"
                        + "\"backoffUntil\":\"2026-01-02T03:04:55Z\",\"prefixBackoffUntil\":\"2026-01-02T03:05:35Z\"}");
        assertThat(busy.path("subnets").path(1).toString())
                .isEqualTo("{\"id\":\"subnet-0b\",\"eligibility\":\"used\",\"primary\":false}");
    }

    @Test
    void credentialsThatAreMissingHaveAFailureAndNoEnd() {
        Ec2Access none = new Ec2Access(
                new CredentialsReport(
                        CredentialsSource.WEB_IDENTITY,
                        "",
                        SampleEc2Status.NOW,
                        "",
                        Optional.empty(),
                        "STS does not answer"),
                Duration.ofSeconds(-612),
                List.of("https by http://proxy:3128"));

        JsonNode ec2 = json(SampleEc2Status.growing(SampleEc2Status.with(SampleEc2Status.idle(), none)));

        assertThat(ec2.path("credentials").path("failure").asText()).isEqualTo("STS does not answer");
        assertThat(ec2.path("credentials").has("expires")).isFalse();
        assertThat(ec2.path("clockAheadSeconds").asLong()).isEqualTo(-612);
        assertThat(ec2.path("proxies").path(0).asText()).isEqualTo("https by http://proxy:3128");
        assertThat(ec2.path("growthBlockedBy").asText()).isEqualTo("STS does not answer");
    }

    @Test
    void anEniHasItsPhaseAndWhy() {
        assertThat(busy.path("enis").path(1).toString())
                .isEqualTo(
                        "{\"name\":\"eni-0ff\",\"id\":\"eni-0ff\",\"phase\":\"link_missing\",\"networkCard\":0,\"deviceIndex\":1,"
                                + "\"since\":\"2026-01-02T03:03:25Z\",\"note\":\"no link within 30 s\"}");
    }

    private static JsonNode json(Ec2Status ec2) {
        return new Ec2StatusJson(new ObjectMapper()).of(POOL, ec2);
    }

    private static List<String> names(JsonNode node) {
        Iterable<String> names = node::fieldNames;
        return StreamSupport.stream(names.spliterator(), false).toList();
    }
}
