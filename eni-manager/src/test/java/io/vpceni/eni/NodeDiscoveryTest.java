package io.vpceni.eni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.FakeEc2.Fault;
import io.vpceni.eni.FakeEc2.Style;
import io.vpceni.eni.FakeEc2.Verb;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeDiscoveryTest {

    private final List<Duration> pauses = new ArrayList<>();

    private final FakeEc2 ec2 = new FakeEc2(Style.EC2).withEni(FakeImds.INSTANCE, 0, 0);

    private final FakeImds imds = new FakeImds();

    private NodeStart start(Ec2 endpoint) throws IOException, InterruptedException {
        return start(endpoint, Set.of());
    }

    private NodeStart start(Ec2 endpoint, Set<EniId> notToBeUsed) throws IOException, InterruptedException {
        return inquiry(endpoint).start(imds.identity(), Ec2Eni::role, notToBeUsed);
    }

    private NodeDiscovery inquiry(Ec2 endpoint) {
        return new NodeDiscovery(endpoint, imds, pauses::add);
    }

    @Test
    void the_node_starts_with_what_ec2_says_of_its_enis() throws IOException, InterruptedException {
        ec2.withEni(FakeImds.INSTANCE, 2, 3).withEni(new InstanceId("i-other"), 1, 3);

        NodeStart start = start(ec2);

        assertThat(start.limits()).isEqualTo(new NodeLimits(3, 4));
        assertThat(start.enis()).extracting(eni -> eni.slot().deviceIndex()).containsExactly(0, 2);
        assertThat(start.enis()).extracting(AttachedEni::primary).containsExactly(true, false);
        assertThat(start.enis().getLast().blocks()).hasSize(3);
        assertThat(start.primary().mac()).isEqualTo(FakeEc2.macOf(1));
        assertThat(ec2.writes()).isEmpty();
    }

    @Test
    void each_eni_is_there_for_what_is_said_of_it() throws IOException, InterruptedException {
        NodeStart start = inquiry(ec2).start(imds.identity(), _ -> EniRole.EXCLUDED, Set.of());

        assertThat(start.primary().role()).isEqualTo(EniRole.EXCLUDED);
    }

    @Test
    void the_mac_is_the_one_of_imds_where_ec2_has_none() throws IOException, InterruptedException {
        FakeEc2 localstack =
                new FakeEc2(Style.LOCALSTACK).withEni(FakeImds.INSTANCE, 0, 0).withEni(FakeImds.INSTANCE, 1, 0);
        imds.listingLater(2, 4);

        NodeStart start = start(localstack);

        assertThat(start.enis()).extracting(AttachedEni::mac).containsExactly(FakeEc2.macOf(1), FakeEc2.macOf(2));
    }

    @Test
    void an_eni_that_imds_never_lists_is_waited_for_and_named() {
        EniId missing = new EniId("eni-0ff");

        assertThatThrownBy(() -> inquiry(ec2).listed(missing))
                .isInstanceOf(NodeDiscovery.NotListed.class)
                .hasMessageContaining("eni-0ff");
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
    }

    @Test
    void an_eni_that_is_to_go_is_left_out() throws IOException, InterruptedException {
        ec2.withEni(FakeImds.INSTANCE, 1, 0);
        EniId second = ec2.all().getLast().id();

        assertThat(start(ec2, Set.of(second)).enis()).hasSize(1);
    }

    @Test
    void an_eni_that_is_on_its_way_here_is_waited_for() throws IOException, InterruptedException {
        EniId second = attaching();
        ec2.withAttachLooks(3);
        var _ = ec2.perform(new Ec2Call.Attach(second, FakeImds.INSTANCE, new DeviceSlot(0, 1)));

        NodeStart start = start(ec2);

        assertThat(start.enis()).extracting(AttachedEni::id).contains(second);
        assertThat(pauses).isNotEmpty();
    }

    private EniId attaching() throws Ec2Failure {
        EniRequest request = new EniRequest(
                new SubnetId("subnet-1"), List.of("sg-1"), BlockKind.ADDRESS, 2, "a test's", new LinkedHashMap<>());
        return ec2.perform(new Ec2Call.Create(request, new ClientToken("token")))
                .eni()
                .id();
    }

    @Test
    void denied_limits_come_from_the_packaged_table() throws IOException, InterruptedException {
        ec2.withLimits(new NodeLimits(9, 9)).failing(Verb.LIMITS, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThat(start(ec2).limits()).isEqualTo(new NodeLimits(3, 4));
    }

    @Test
    void an_unknown_type_without_answer_gets_the_most_that_it_may_have() throws IOException, InterruptedException {
        imds.withInstanceType("z9.large");
        ec2.failing(Verb.LIMITS, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThat(start(ec2).limits()).isEqualTo(InstanceTypes.guess("z9.large"));
    }

    @Test
    void without_its_enis_the_node_does_not_start() {
        ec2.failing(Verb.ENIS_OF, new Fault.Refused(Kind.UNAUTHORIZED));

        assertThatThrownBy(() -> start(ec2))
                .isInstanceOf(Ec2Failure.class)
                .hasMessageContaining("ec2:DescribeNetworkInterfaces")
                .hasMessageContaining("docs/iam.md");
    }

    @Test
    void without_a_primary_eni_the_endpoint_is_doubted() {
        assertThatThrownBy(() -> start(new FakeEc2(Style.EC2)))
                .isInstanceOf(NodeDiscovery.NotListed.class)
                .hasMessageContaining("AWS_ENDPOINT_URL_EC2");
    }
}
