package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniReference;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.ipamd.owner.Blocks;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class Ec2StatusTextTest {
    private static final Instant NOW = SampleEc2Status.NOW;
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");

    @Test
    void a_node_that_need_not_grow_says_why() {
        WarmPool pool = aPool(2);

        String text = Ec2StatusText.of(pool.snapshot(NOW), SampleEc2Status.idle());

        assertThat(text).startsWith("The node does not need to grow: ");
        assertThat(text.lines().skip(1))
                .containsExactly("Credentials: the instance's role (IMDS), access key ASIANODE, until"
                        + " 2026-01-02T04:04:05Z.");
    }

    @Test
    void a_node_that_cannot_grow_says_what_blocks_it() {
        WarmPool pool = aPool(1);
        pool.handle(new Message.Tick(), NOW);
        pool.handle(new Message.RequestFailed(1, AllocationError.SUBNET_EXHAUSTED, "no room in subnet-0a"), NOW);

        String text = Ec2StatusText.of(pool.snapshot(NOW), SampleEc2Status.busy());

        assertThat(text)
                .contains("The last request failed: SUBNET_EXHAUSTED, no room in subnet-0a. ipamd tries again at ")
                .contains(
                        "Growth is blocked: EC2 throttles CreateNetworkInterface (1 call is queued, 0.5 a second can be sent)")
                .contains("ipamd calls EC2 again in some seconds")
                .contains("Requested by the pool for 7 s: a new ENI on network card 0 with 9 addresses (request 4).")
                .contains("Pending for 7 s: create an ENI (an ENI in subnet-0a; request 4).")
                .contains("Pending for 1 s: describe this node's ENIs (i-0a).")
                .contains("In flight for 1 s: DescribeNetworkInterfaces of i-0a.")
                .contains("Refused 4 times, last 5 s ago (THROTTLED): ec2:CreateNetworkInterface")
                .contains(
                        "Budget of CreateNetworkInterface: 1 call is queued and waits 2 s, until 2026-01-02T03:04:07Z; the"
                                + " bucket holds 0.25 requests; then 0.5 a second can be sent (at most 5.0); 4 of 9 calls were"
                                + " throttled.")
                .doesNotContain("Budget of DescribeNetworkInterfaces")
                .contains(
                        "Subnet subnet-0a (the primary ENI's): used, 3 addresses free, not tried for 50 s, no prefixes"
                                + " for 90 s.")
                .contains("Subnet subnet-0c: not tagged, 250 addresses free.")
                .contains("eni-0ff is link missing for 40 s: no link within 30 s.")
                .contains("ENI with client token token-1 is creating for 7 s.")
                .doesNotContain(ENI + " is ready")
                .contains("2 ENI operations are not finished");
    }

    @Test
    void a_node_that_waits_for_what_it_requested_says_how_many_are_requested() {
        WarmPool pool = aPool(1);
        pool.handle(new Message.Tick(), NOW);
        PoolSnapshot waiting = pool.snapshot(NOW);
        assertThat(waiting.target().more()).isZero();
        assertThat(waiting.pending()).isPositive();

        assertThat(Ec2StatusText.of(waiting, SampleEc2Status.throttled(Ec2Action.CREATE_NETWORK_INTERFACE)))
                .startsWith(
                        waiting.pending() == 1
                                ? "1 address is requested"
                                : waiting.pending() + " addresses are requested")
                .contains(" requested from EC2; the node needs no more than that: WARM_IP_TARGET=1 and ")
                .contains("Growth is blocked: EC2 throttles CreateNetworkInterface (1 call is queued, 0.06 a second")
                .contains(
                        "1 call is queued and waits 24 s, until 2026-01-02T03:04:29Z; the bucket holds 100.0 requests;");
    }

    @Test
    void a_throttled_look_does_not_block_growth() {
        assertThat(blocker(SampleEc2Status.throttled(Ec2Action.DESCRIBE_NETWORK_INTERFACES)))
                .isEmpty();
        assertThat(blocker(SampleEc2Status.throttled(Ec2Action.CREATE_NETWORK_INTERFACE)))
                .isPresent();
    }

    @Test
    void what_the_node_does_not_ask_for_does_not_block_it() {
        Ec2Status idle = SampleEc2Status.with(
                SampleEc2Status.idle(), List.of(SampleEc2Status.refusal(Ec2Failure.Kind.NOT_AUTHENTICATED)), List.of());
        PoolSnapshot full = aPool(2).snapshot(NOW);

        assertThat(Ec2StatusText.of(full, idle))
                .startsWith("The node does not need to grow: ")
                .doesNotContain("Growth is blocked")
                .contains("(NOT_AUTHENTICATED): ");
        assertThat(blocker(SampleEc2Status.with(
                        SampleEc2Status.idle(),
                        List.of(
                                SampleEc2Status.refusal(
                                        Ec2Action.DELETE_NETWORK_INTERFACE, Ec2Failure.Kind.UNAUTHORIZED),
                                SampleEc2Status.refusal(
                                        Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES, Ec2Failure.Kind.UNAUTHORIZED)),
                        List.of())))
                .isEmpty();
    }

    /// Of a node that requested an ENI.
    private static Optional<String> blocker(Ec2Status ec2) {
        return GrowthBlocker.of(aPool(2).snapshot(NOW), SampleEc2Status.growing(ec2));
    }

    @Test
    void a_missing_permission_is_named_before_all_else() {
        Ec2Status ec2 = SampleEc2Status.with(
                SampleEc2Status.busy(),
                List.of(
                        SampleEc2Status.refusal(Ec2Failure.Kind.THROTTLED),
                        SampleEc2Status.refusal(Ec2Failure.Kind.UNAUTHORIZED)),
                List.of());

        assertThat(blocker(ec2))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("the node's role may not do CreateNetworkInterface")
                        .contains("docs/iam.md"));
    }

    @Test
    void a_setting_that_forbids_a_call_is_no_missing_permission() {
        Ec2Status ec2 = SampleEc2Status.with(
                SampleEc2Status.idle(),
                List.of(SampleEc2Status.refusal(Ec2Failure.Kind.FORBIDDEN_BY_SETTING)),
                List.of());

        assertThat(blocker(ec2))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("a setting of this node forbids it: ")
                        .doesNotContain("role", "iam"));
    }

    @Test
    void credentials_that_are_missing_or_not_accepted_are_told_apart_from_a_permission() {
        String why = "no credentials from EKS Pod Identity, http://169.254.170.23/v1/credentials: it does not answer";
        Ec2Status missing =
                SampleEc2Status.with(SampleEc2Status.busy(), access("", Optional.empty(), why, Duration.ZERO));

        assertThat(GrowthBlocker.ofRequests(() -> missing)).contains(why);
        assertThat(Ec2StatusText.of(aPool(1).snapshot(NOW), missing))
                .doesNotContain("Growth is blocked: " + why)
                .contains("EC2 cannot be called since 2026-01-02T02:54:05Z: " + why + ".\n");

        Ec2Status refused = SampleEc2Status.with(
                SampleEc2Status.idle(), List.of(SampleEc2Status.refusal(Ec2Failure.Kind.NOT_AUTHENTICATED)), List.of());
        assertThat(blocker(refused))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("EC2 does not accept this node's credentials: "));
    }

    @Test
    void credentials_that_have_expired_a_clock_that_is_off_and_proxies_are_shown() {
        Ec2Access access = new Ec2Access(
                access("ASIAOLD", Optional.of(NOW.minusSeconds(5)), "", Duration.ZERO)
                        .credentials(),
                Duration.ofMinutes(-20),
                List.of("https by http://me:***@proxy:3128", "not for .corp"));

        assertThat(Ec2StatusText.of(aPool(2).snapshot(NOW), SampleEc2Status.with(SampleEc2Status.idle(), access))
                        .lines()
                        .skip(1))
                .containsExactly(
                        "Credentials: EKS Pod Identity, http://169.254.170.23/v1/credentials, access key ASIAOLD, expired"
                                + " since 2026-01-02T03:04:00Z: their source returned no newer ones; check it and this node's"
                                + " clock.",
                        "This node's clock is 1200 s behind EC2's: set it, EC2 refuses what is 15 minutes off.",
                        "Proxies: https by http://me:***@proxy:3128; not for .corp.");
    }

    private static Ec2Access access(String key, Optional<Instant> end, String trouble, Duration ahead) {
        return new Ec2Access(
                new CredentialsReport(
                        CredentialsSource.POD_IDENTITY,
                        "http://169.254.170.23/v1/credentials",
                        NOW.minusSeconds(600),
                        key,
                        end,
                        trouble),
                ahead,
                List.of());
    }

    @Test
    void full_subnets_are_named_when_all_that_may_be_used_are_full() {
        SubnetState full = new SubnetState(
                new SubnetId("subnet-0a"),
                SubnetState.Eligibility.USED,
                true,
                OptionalInt.of(0),
                NOW.plusSeconds(9),
                null);
        SubnetState other = new SubnetState(
                new SubnetId("subnet-0b"), SubnetState.Eligibility.USED, false, OptionalInt.of(9), null, null);

        assertThat(blocker(SampleEc2Status.with(SampleEc2Status.idle(), List.of(), List.of(full))))
                .hasValueSatisfying(text -> assertThat(text).contains("no free address in subnet-0a"));
        assertThat(blocker(SampleEc2Status.with(SampleEc2Status.idle(), List.of(), List.of(full, other))))
                .isEmpty();
    }

    @Test
    void an_ec2_that_cannot_be_asked_is_named() {
        Ec2Status ec2 = SampleEc2Status.with(
                SampleEc2Status.idle(), List.of(SampleEc2Status.refusal(Ec2Failure.Kind.UNAVAILABLE)), List.of());

        assertThat(blocker(ec2)).hasValueSatisfying(text -> assertThat(text).startsWith("EC2 cannot be reached"));
    }

    @Test
    void an_add_is_told_what_blocks_its_request_and_nothing_else() {
        assertThat(GrowthBlocker.ofRequests(SampleEc2Status::busy))
                .hasValueSatisfying(text -> assertThat(text).contains("EC2 throttles CreateNetworkInterface"));
        Ec2Status idle = SampleEc2Status.with(
                SampleEc2Status.idle(), List.of(SampleEc2Status.refusal(Ec2Failure.Kind.UNAUTHORIZED)), List.of());
        assertThat(GrowthBlocker.ofRequests(() -> idle)).isEmpty();
        assertThat(GrowthBlocker.ofRequests(() -> {
                    throw new IllegalStateException("the owner does not answer");
                }))
                .isEmpty();
    }

    @Test
    void the_page_has_all_of_it_and_enis_show_their_phase() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        PoolSnapshot pool = aPool(1).snapshot(NOW);
        Introspection pages = new Introspection(
                json,
                new Introspection.NodeFacts(
                        "n",
                        new InstanceId("i-0a"),
                        "m5.large",
                        InetAddress.ofLiteral("10.0.0.1"),
                        3,
                        10,
                        "1.2.3",
                        NOW,
                        List.of()));

        JsonNode ec2 = json.readTree(pages.cloud(pool, SampleEc2Status.busy()));
        JsonNode enis = json.readTree(pages.enis(pool, SampleEc2Status.busy()));

        assertThat(ec2.path("circuit").asText()).isEqualTo("open");
        assertThat(ec2.path("growthBlockedBy").asText()).contains("throttles");
        assertThat(ec2.path("credentials").path("source").asText()).isEqualTo("instance_role");
        assertThat(ec2.path("credentials").path("accessKeyId").asText()).isEqualTo("ASIANODE");
        assertThat(ec2.path("budget").path("actions")).hasSize(2);
        assertThat(ec2.path("subnets")).hasSize(3);
        assertThat(ec2.path("requests")).hasSize(2);
        assertThat(ec2.path("calls")).hasSize(1);
        assertThat(ec2.path("refusals").path(0).path("times").asLong()).isEqualTo(4);
        assertThat(ec2.path("openIntents").asInt()).isEqualTo(2);
        assertThat(enis.path("enis").path(0).path("status").path("phase").asText())
                .isEqualTo("ready");
        assertThat(enis.path("others").path(0).path("name").asText()).isEqualTo("eni-0ff");
        assertThat(enis.path("others").path(1).path("phase").asText()).isEqualTo("creating");
    }

    @Test
    void two_enis_that_wait_for_the_list_of_subnets_are_two_entries() throws Exception {
        EniStatus first = waitsForSubnets(4);
        EniStatus second = waitsForSubnets(5);
        EniStatus leaving = new EniStatus(
                new EniReference.ById(new EniId("eni-0ee")), EniPhase.DELETING, Optional.empty(), NOW, "");
        Ec2Status ec2 = SampleEc2Status.withEnis(List.of(first, second, leaving));
        ObjectMapper json = new ObjectMapper();
        Introspection pages = new Introspection(
                json,
                new Introspection.NodeFacts(
                        "n",
                        new InstanceId("i-0a"),
                        "m5.large",
                        InetAddress.ofLiteral("10.0.0.1"),
                        3,
                        10,
                        "1.2.3",
                        NOW,
                        List.of()));

        JsonNode others = json.readTree(pages.enis(aPool(1).snapshot(NOW), ec2)).path("others");

        assertThat(others)
                .extracting(each -> each.path("name").asText())
                .containsExactly("ENI of request 4", "ENI of request 5", "eni-0ee");
        assertThat(others).extracting(each -> each.path("request").asLong()).containsExactly(4L, 5L, 0L);
        assertThat(others).extracting(each -> each.has("deviceIndex")).containsExactly(true, true, false);
        assertThat(Ec2StatusText.of(aPool(1).snapshot(NOW), ec2))
                .contains("ENI of request 4 is creating for 3 s.\n", "ENI of request 5 is creating for 3 s.\n");
    }

    private static EniStatus waitsForSubnets(long request) {
        return new EniStatus(
                new EniReference.ByRequest(request),
                EniPhase.CREATING,
                Optional.of(new DeviceSlot(0, (int) request)),
                NOW.minusSeconds(3),
                "");
    }

    private static WarmPool aPool(int addresses) {
        WarmPool pool = new WarmPool(new PoolSettings(0, 1, 0, 1, Duration.ofSeconds(30)), new NodeLimits(1, 4));
        List<InetAddress> some = List.of(InetAddress.ofLiteral("10.0.1.5"), InetAddress.ofLiteral("10.0.1.6"));
        pool.handle(
                new Message.EniFound(new Eni(ENI, DeviceSlot.PRIMARY, true, 3), Blocks.of(some.subList(0, addresses))),
                NOW);
        AttachmentKey key = new AttachmentKey("vpc-eni", "c", "eth0");
        pool.handle(new Message.Assign(1, key, new PodName("shop", "p"), NOW.plusSeconds(5)), NOW);
        return pool;
    }

    @Test
    void each_fact_is_said_once() {
        Ec2Status.LastRefusal refusal = SampleEc2Status.refusal(Ec2Failure.Kind.NOT_AUTHENTICATED);
        WarmPool pool = aPool(1);
        pool.handle(new Message.Tick(), NOW);
        pool.handle(new Message.RequestFailed(1, AllocationError.NOT_AUTHENTICATED, refusal.text()), NOW);

        String text = Ec2StatusText.of(
                pool.snapshot(NOW), SampleEc2Status.with(SampleEc2Status.idle(), List.of(refusal), List.of()));

        assertThat(text.split(java.util.regex.Pattern.quote(refusal.text()), -1))
                .hasSize(2);
        assertThat(text)
                .contains("The last request failed: NOT_AUTHENTICATED. ipamd tries again at ")
                .contains("(NOT_AUTHENTICATED): " + refusal.action() + ".\n");
    }
}
