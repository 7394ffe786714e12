package io.vpceni.lab.contract;

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
import io.vpceni.eni.Ec2Subnet;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every EC2 answers to the product's own calls ([Ec2Call]), after the SDK and the product's reading of it.
public abstract class PortContract {
    @SuppressWarnings("NullAway") // set before each test
    private Bench bench;

    /// The EC2 under test. Asked before each test.
    protected abstract ContractBackend backend();

    @BeforeEach
    void build() {
        bench = Bench.at(backend());
    }

    @AfterEach
    void away() {
        bench.close();
    }

    @Test
    void anInstanceTypeHasLimits() throws Ec2Failure {
        assertThat(bench.port().perform(new Ec2Call.LimitsOf("t3.small")))
                .isEqualTo(new Ec2Answer.Limits(new NodeLimits(List.of(3), 4)));
    }

    @Test
    void aTypeThatThereIsNotIsInvalid() {
        assertThat(failure(new Ec2Call.LimitsOf("x9.unheardof")).kind()).isEqualTo(Ec2Failure.Kind.INVALID);
    }

    @Test
    void anEniIsCreatedWithItsAddressesAndTags() throws Ec2Failure {
        Ec2Eni created = create(bench, BlockKind.ADDRESS, 3);

        Ec2Eni described = described(bench, created.id());
        assertThat(described.blocks())
                .hasSize(3)
                .containsExactlyInAnyOrderElementsOf(created.blocks())
                .doesNotContain(primary(described));
        assertThat(described.description()).isEqualTo("aws-K8S-i-1");
        assertThat(described.tags()).containsEntry(EniLabels.INSTANCE_ID, "i-1");
        assertThat(described.groups()).containsExactly(bench.world().groupId());
        assertThat(described.subnetId()).hasToString(bench.world().subnetId());
        assertThat(described.attachment()).isNull();
    }

    @Test
    void theEnisOfAnInstanceAreListedByDeviceIndex() throws Ec2Failure {
        String instanceId = bench.running("t3.small");
        String third = bench.world().createEni();
        String _ = bench.attached(third, instanceId, 2);
        EniId second = new EniId(bench.world().createEni());

        Ec2Answer attached =
                bench.port().perform(new Ec2Call.Attach(second, new InstanceId(instanceId), new DeviceSlot(0, 1)));
        bench.settle();

        List<Ec2Eni> enis = enis(new Ec2Call.EnisOf(new InstanceId(instanceId)));
        assertThat(enis).hasSize(3);
        assertThat(enis.get(1).id()).isEqualTo(second);
        assertThat(enis.get(2).id().value()).isEqualTo(third);
        EniAttachment attachment = Objects.requireNonNull(enis.get(1).attachment());
        assertThat(attached).isEqualTo(new Ec2Answer.AttachedAs(attachment.id()));
        assertThat(attachment.state()).isEqualTo(EniAttachment.State.ATTACHED);
        assertThat(attachment.instanceId()).hasToString(instanceId);
    }

    @Test
    void anInstanceThatThereIsNotHasNoEnis() throws Ec2Failure {
        assertThat(enis(new Ec2Call.EnisOf(new InstanceId("i-0123456789abcdef0"))))
                .isEmpty();
    }

    /// Whoever answers more than it added says so again when asked for the ENI: what was there before is
    /// subtracted.
    @Test
    void whatAssignAddsIsInItsAnswerAndOnTheEni() throws Ec2Failure {
        Ec2Eni eni = create(bench, BlockKind.ADDRESS, 2);
        List<Cidr> known = new ArrayList<>(eni.blocks());

        for (int i = 0; i < 3; i++) {
            Ec2Answer.Assigned answer = bench.port().perform(new Ec2Call.Assign(eni.id(), BlockKind.ADDRESS, 1));

            List<Cidr> added = new ArrayList<>(answer.blocks());
            added.removeAll(known);
            added.remove(primary(eni));
            assertThat(added).hasSize(1);
            known.addAll(added);
            assertThat(described(bench, eni.id()).blocks()).containsExactlyInAnyOrderElementsOf(known);
        }
    }

    @Test
    void severalBlocksAreUnassignedAtOnceAndTheOthersStay() throws Ec2Failure {
        Ec2Eni eni = create(bench, BlockKind.ADDRESS, 3);

        Ec2Answer answer = bench.port()
                .perform(new Ec2Call.Unassign(
                        eni.id(), BlockKind.ADDRESS, eni.blocks().subList(0, 2)));

        assertThat(answer).isEqualTo(new Ec2Answer.Done());
        assertThat(described(bench, eni.id()).blocks())
                .containsExactly(eni.blocks().getLast());
    }

    @Test
    void aDetachedEniIsUnattachedAndKeepsItsBlocks() throws Ec2Failure {
        Ec2Eni eni = create(bench, BlockKind.ADDRESS, 2);
        String attachmentId = bench.attached(eni.id().value(), bench.running("t3.small"), 1);

        Ec2Answer answer = bench.port().perform(new Ec2Call.Detach(eni.id(), new AttachmentId(attachmentId)));
        bench.settle();

        assertThat(answer).isEqualTo(new Ec2Answer.Done());
        assertThat(described(bench, eni.id()).attachment()).isNull();
        assertThat(described(bench, eni.id()).blocks()).containsExactlyInAnyOrderElementsOf(eni.blocks());
    }

    @Test
    void whatIsGoneCanBeDetachedAndDeleted() throws Ec2Failure {
        EniId eni = create(bench, BlockKind.ADDRESS, 0).id();
        String attachmentId = bench.attached(eni.value(), bench.running("t3.small"), 1);
        for (int i = 0; i < 2; i++) {
            assertThat(bench.port().perform(new Ec2Call.Detach(eni, new AttachmentId(attachmentId))))
                    .isEqualTo(new Ec2Answer.Done());
            bench.settle();
        }
        for (int i = 0; i < 2; i++) {
            assertThat(bench.port().perform(new Ec2Call.Delete(eni))).isEqualTo(new Ec2Answer.Done());
        }

        assertThat(failure(new Ec2Call.OneEni(eni)).kind()).isEqualTo(Ec2Failure.Kind.NOT_FOUND);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        EniId absent = new EniId("eni-0123456789abcdef0");

        assertThat(List.of(
                        new Ec2Call.OneEni(absent),
                        new Ec2Call.Attach(absent, new InstanceId(bench.running("t3.small")), new DeviceSlot(0, 1)),
                        new Ec2Call.Assign(absent, BlockKind.ADDRESS, 1),
                        creation("subnet-0123456789abcdef0", bench.world().groupId(), BlockKind.ADDRESS, 0)))
                .allSatisfy(call -> assertThat(failure(call).kind()).isEqualTo(Ec2Failure.Kind.NOT_FOUND));
    }

    @Test
    void groupsAreReplacedAndTagsAdded() throws Ec2Failure {
        EniId eni = create(bench, BlockKind.ADDRESS, 0).id();
        String other = bench.ec2()
                .createSecurityGroup(request ->
                        request.vpcId(bench.world().vpcId()).groupName("other").description("other"))
                .groupId();

        Ec2Answer groups = bench.port().perform(new Ec2Call.SetGroups(eni, List.of(other)));
        Ec2Answer tags = bench.port().perform(new Ec2Call.Tag(eni, tags("owner", "team-a")));

        assertThat(List.of(groups, tags)).containsOnly(new Ec2Answer.Done());
        assertThat(described(bench, eni).groups()).containsExactly(other);
        assertThat(described(bench, eni).tags())
                .containsEntry("owner", "team-a")
                .containsEntry(EniLabels.INSTANCE_ID, "i-1");
    }

    @Test
    void unattachedEnisAreFoundByTheirInstancesTag() throws Ec2Failure {
        String instanceId = bench.running("t3.small");
        EniId own = new EniId(bench.world().createEni());
        EniId attached = new EniId(bench.attachedEni(instanceId));
        for (EniId eni : List.of(own, attached)) {
            Ec2Answer _ = bench.port().perform(new Ec2Call.Tag(eni, tags(EniLabels.INSTANCE_ID, instanceId)));
        }
        Ec2Eni _ = create(bench, BlockKind.ADDRESS, 0); // another instance's

        assertThat(enis(new Ec2Call.UnattachedOf(new InstanceId(instanceId))))
                .extracting(Ec2Eni::id)
                .containsExactly(own);
    }

    @Test
    void leftOverEnisAreFoundByTheirClustersTag() throws Ec2Failure {
        EniId left = create(bench, BlockKind.ADDRESS, 0).id();
        Ec2Answer _ = bench.port().perform(new Ec2Call.Tag(left, tags(EniLabels.CLUSTER_NAME, "blue")));
        EniId others = create(bench, BlockKind.ADDRESS, 0).id();
        Ec2Answer _ = bench.port().perform(new Ec2Call.Tag(others, tags(EniLabels.CLUSTER_NAME, "green")));

        assertThat(enis(new Ec2Call.LeftOverIn(new VpcId(bench.world().vpcId()), new ClusterName("blue"))))
                .extracting(Ec2Eni::id)
                .containsExactly(left);
    }

    @Test
    void theSubnetsOfAZoneTellWhatIsFree() throws Ec2Failure {
        String _ = bench.world().addSubnet("10.20.16.0/20", "us-east-1b");

        Ec2Answer.Subnets answer = bench.port()
                .perform(new Ec2Call.SubnetsOf(new VpcId(bench.world().vpcId()), "us-east-1a"));

        assertThat(answer.subnets())
                .extracting(Ec2Subnet::id)
                .containsExactly(new SubnetId(bench.world().subnetId()));
    }

    /// Creates in the bench's subnet, with addresses of which none comes twice: LocalStack draws them by lot.
    static Ec2Eni create(Bench bench, BlockKind kind, int count) throws Ec2Failure {
        for (int draw = 0; draw < Bench.DRAWS_MAX; draw++) {
            Ec2Call.Create create =
                    creation(bench.world().subnetId(), bench.world().groupId(), kind, count);
            Ec2Eni eni = bench.port().perform(create).eni();
            if (kind != BlockKind.ADDRESS || eni.blocks().size() == count) {
                return eni;
            }
        }
        throw new AssertionError("each of " + Bench.DRAWS_MAX + " ENIs had an address twice");
    }

    static Ec2Call.Create creation(String subnetId, String groupId, BlockKind kind, int count) {
        EniRequest request = new EniRequest(
                new SubnetId(subnetId),
                List.of(groupId),
                kind,
                count,
                "aws-K8S-i-1",
                tags(EniLabels.INSTANCE_ID, "i-1"));
        return new Ec2Call.Create(request, new ClientToken(UUID.randomUUID().toString()));
    }

    static Ec2Eni described(Bench bench, EniId eni) throws Ec2Failure {
        return bench.port().perform(new Ec2Call.OneEni(eni)).enis().getFirst();
    }

    private List<Ec2Eni> enis(Ec2Call.Listing call) throws Ec2Failure {
        return bench.port().perform(call).enis();
    }

    private Ec2Failure failure(Ec2Call<?> call) {
        return catchThrowableOfType(Ec2Failure.class, () -> bench.port().perform(call));
    }

    private static Cidr primary(Ec2Eni eni) {
        return Cidr.containing(Objects.requireNonNull(eni.primaryAddress()), 32);
    }

    private static SequencedMap<String, String> tags(String key, String value) {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        tags.put(key, value);
        return tags;
    }
}
