package io.vpceni.eni.imds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.Cidr;
import io.vpceni.config.ClusterName;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.ReadOnlyEc2;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImdsEc2Test {

    private static final EniId ENI = new EniId("eni-00000002");

    private final List<Ec2Eni> listed = new ArrayList<>(List.of(eni("eni-00000001", 0), eni("eni-00000002", 1)));

    private boolean silent;

    private final ImdsEc2 ec2 = new ImdsEc2(this::interfaces, new InstanceId("i-1"));

    @Test
    void enisAreThoseOfImdsAtThatMoment() throws Ec2Failure {
        assertThat(ec2.perform(new Ec2Call.EnisOf(new InstanceId("i-1")))).isEqualTo(new Ec2Answer.Enis(listed));

        listed.add(eni("eni-00000003", 2));

        assertThat(ec2.perform(new Ec2Call.EnisOf(new InstanceId("i-1")))).isEqualTo(new Ec2Answer.Enis(listed));
        assertThat(ec2.perform(new Ec2Call.OneEni(ENI))).isEqualTo(new Ec2Answer.Enis(List.of(listed.get(1))));
    }

    @Test
    void anUnlistedEniIsNotFound() {
        assertThat(failureOf(new Ec2Call.OneEni(new EniId("eni-00000009"))).kind())
                .isEqualTo(Ec2Failure.Kind.NOT_FOUND);
    }

    @Test
    void aListWithoutThePrimaryEniIsNotBelieved() {
        listed.removeFirst();

        assertThat(failureOf(new Ec2Call.EnisOf(new InstanceId("i-1"))))
                .hasMessageContaining("IMDS does not list the primary ENI")
                .extracting(Ec2Failure::kind)
                .isEqualTo(Ec2Failure.Kind.UNAVAILABLE);
    }

    @Test
    void whileImdsIsSilentNothingIsSaidToBeGone() {
        silent = true;

        assertThat(failureOf(new Ec2Call.EnisOf(new InstanceId("i-1"))).kind()).isEqualTo(Ec2Failure.Kind.UNAVAILABLE);
        assertThat(failureOf(new Ec2Call.OneEni(ENI)).kind()).isEqualTo(Ec2Failure.Kind.UNAVAILABLE);
    }

    @Test
    void limitsComeFromThePackagedTable() throws Ec2Failure {
        assertThat(ec2.perform(new Ec2Call.LimitsOf("m5.large")))
                .isEqualTo(new Ec2Answer.Limits(new NodeLimits(3, 10)));
        assertThat(ec2.perform(new Ec2Call.LimitsOf("z9.large")))
                .isEqualTo(new Ec2Answer.Limits(new NodeLimits(4, 20)));
    }

    @Test
    void nothingIsLeftOverThatOneCouldSee() throws Ec2Failure {
        assertThat(ec2.perform(new Ec2Call.UnattachedOf(new InstanceId("i-1"))))
                .isEqualTo(new Ec2Answer.Enis(List.of()));
        assertThat(ec2.perform(new Ec2Call.LeftOverIn(new VpcId("vpc-1"), new ClusterName("shop"))))
                .isEqualTo(new Ec2Answer.Enis(List.of()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void nothingIsChanged(Ec2Call<?> call) {
        assertThat(failureOf(call))
                .hasMessage("ec2:" + call.action().apiName() + " of " + call.subject()
                        + ": not asked: ENABLE_IMDS_ONLY_MODE forbids it: change the setting if ipamd is to do this")
                .extracting(Ec2Failure::kind)
                .isEqualTo(Ec2Failure.Kind.FORBIDDEN_BY_SETTING);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void withoutProvisioningEc2IsReadAndNothingIsChanged(Ec2Call<?> call) throws Ec2Failure {
        List<Ec2Call<?>> asked = new ArrayList<>();
        ReadOnlyEc2 reading = new ReadOnlyEc2(made -> {
            asked.add(made);
            return new Ec2Answer.Enis(List.of());
        });
        Ec2Call<?> look = new Ec2Call.EnisOf(new InstanceId("i-1"));

        Ec2Failure failure = catchThrowableOfType(Ec2Failure.class, () -> reading.perform(call));
        var _ = reading.perform(look);

        assertThat(failure).hasMessageContaining("not asked: DISABLE_NETWORK_RESOURCE_PROVISIONING forbids it");
        assertThat(asked).containsExactly(look);
    }

    private static Stream<Ec2Call<?>> changes() {
        List<Cidr> blocks = List.of(Cidr.parse("10.0.0.11/32"));
        EniRequest request = new EniRequest(
                new SubnetId("subnet-1"), List.of("sg-1"), BlockKind.ADDRESS, 1, "", new LinkedHashMap<>());
        return Stream.of(
                new Ec2Call.Create(request, new ClientToken("token")),
                new Ec2Call.Attach(ENI, new InstanceId("i-1"), new DeviceSlot(0, 1)),
                new Ec2Call.DeleteOnTermination(ENI, new AttachmentId("eni-attach-1")),
                new Ec2Call.SetGroups(ENI, List.of("sg-1")),
                new Ec2Call.Tag(ENI, new LinkedHashMap<>(Map.of("a", "b"))),
                new Ec2Call.Detach(ENI, new AttachmentId("eni-attach-1")),
                new Ec2Call.Delete(ENI),
                new Ec2Call.Assign(ENI, BlockKind.PREFIX, 1),
                new Ec2Call.Unassign(ENI, BlockKind.ADDRESS, blocks));
    }

    private List<Ec2Eni> interfaces(InstanceId instanceId) throws ImdsFailure {
        assertThat(instanceId).hasToString("i-1");
        if (silent) {
            throw new ImdsFailure(ImdsFailure.Kind.UNREACHABLE, "network/", "no answer", null);
        }
        return List.copyOf(listed);
    }

    private Ec2Failure failureOf(Ec2Call<?> call) {
        Ec2Failure failure = catchThrowableOfType(Ec2Failure.class, () -> ec2.perform(call));
        assertThat(failure).as("failure of %s", call).isNotNull();
        return failure;
    }

    private static Ec2Eni eni(String id, int device) {
        return new Ec2Eni(
                new EniId(id),
                new SubnetId("subnet-1"),
                null,
                InetAddress.ofLiteral("10.0.0.1" + device),
                List.of(),
                "interface",
                Map.of(),
                "",
                List.of("sg-1"),
                new EniAttachment(
                        new AttachmentId("untold-by-imds"),
                        new InstanceId("i-1"),
                        new DeviceSlot(0, device),
                        EniAttachment.State.ATTACHED,
                        true));
    }
}
