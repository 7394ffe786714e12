package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.ec2.fault.DurationRange;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultInjector;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.fault.Presets;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.ImdsTrouble;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.imds.RoleCredentials;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/// What goes wrong on command, as a client of EC2 or of a metadata service meets it.
class FaultsTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    private final TestWorld world = emulated.world("10.20.0.0/24");
    private final FaultInjector faults = emulated.emulation().faults();

    @Test
    void theNextCallsAreRefusedAndThenNoMore() {
        faults.add(FaultRule.of(new Fault.Refuse("InsufficientCidrBlocks"))
                .on("CreateNetworkInterface")
                .times(2));

        assertThat(refusal(world::createEni)).isEqualTo("InsufficientCidrBlocks");
        assertThat(refusal(world::createEni)).isEqualTo("InsufficientCidrBlocks");
        assertThat(world.createEni()).startsWith("eni-");
        assertThat(faults.active()).isEmpty();
        assertThat(faults.happened()).containsEntry("refuse", 2L);
    }

    @Test
    void refusalsComeWithEc2sHttpStatus() {
        assertThat(statusOf("RequestLimitExceeded")).isEqualTo(503);
        assertThat(statusOf("InternalError")).isEqualTo(500);
        assertThat(statusOf("InsufficientInstanceCapacity")).isEqualTo(500);
        assertThat(statusOf("InsufficientFreeAddressesInSubnet")).isEqualTo(400);
        assertThat(statusOf("UnauthorizedOperation")).isEqualTo(403);
    }

    private int statusOf(String code) {
        faults.add(FaultRule.of(new Fault.Refuse(code)).on("DescribeVpcs").times(1));
        return catchThrowableOfType(Ec2Exception.class, () -> world.ec2().describeVpcs())
                .statusCode();
    }

    @Test
    void aRuleHitsOnlyWhomItNames() {
        Instance one = launch("node-1");
        Instance other = launch("node-2");
        faults.add(FaultRule.of(new Fault.Refuse("RequestLimitExceeded")).from("node-1"));

        try (Ec2Client node1 = as(one);
                Ec2Client node2 = as(other)) {
            assertThat(refusal(node1::describeNetworkInterfaces)).isEqualTo("RequestLimitExceeded");
            assertThat(node2.describeNetworkInterfaces().networkInterfaces()).hasSize(2);
            assertThat(world.ec2().describeVpcs().vpcs()).hasSize(1);

            faults.replace(List.of(
                    FaultRule.of(new Fault.Refuse("RequestLimitExceeded")).from(FaultRule.NODES)));
            assertThat(refusal(node2::describeNetworkInterfaces)).isEqualTo("RequestLimitExceeded");
            assertThat(world.ec2().describeVpcs().vpcs()).hasSize(1);
        }
    }

    @Test
    void aLostRequestHasDoneNothingAndALostAnswerAll() {
        faults.add(FaultRule.of(new Fault.LoseRequest())
                .on("CreateNetworkInterface")
                .times(1));
        assertThatThrownBy(world::createEni).isInstanceOf(SdkClientException.class);
        assertThat(emulated.emulation().groundTruth().enis()).isEmpty();

        faults.add(FaultRule.of(new Fault.LoseAnswer())
                .on("CreateNetworkInterface")
                .times(1));
        assertThatThrownBy(world::createEni).isInstanceOf(SdkClientException.class);
        assertThat(emulated.emulation().groundTruth().enis()).hasSize(1);
    }

    @Test
    void anAssignThatIsHalfDoneSaysWhatItGave() {
        String eniId = world.createEni();
        faults.add(FaultRule.of(new Fault.Partial(50)).times(2));

        assertThat(world.ec2()
                        .assignPrivateIpAddresses(
                                request -> request.networkInterfaceId(eniId).secondaryPrivateIpAddressCount(6))
                        .assignedPrivateIpAddresses())
                .hasSize(3);
        assertThat(world.ec2()
                        .assignPrivateIpAddresses(
                                request -> request.networkInterfaceId(eniId).ipv4PrefixCount(1))
                        .assignedIpv4Prefixes())
                .as("one at least")
                .hasSize(1);
    }

    @Test
    void aLaggingDescribeShowsTheAccountAsItWas() {
        String eniId = world.createEni();
        faults.add(FaultRule.of(new Fault.StaleView(Duration.ofSeconds(3))));
        time.advance(Duration.ofSeconds(10));
        String later = world.createEni();
        world.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId));
        time.advance(Duration.ofSeconds(2));

        assertThat(refusal(() -> world.eni(later))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
        assertThat(world.eni(eniId).networkInterfaceId()).isEqualTo(eniId);

        time.advance(Duration.ofSeconds(1));
        assertThat(world.eni(later).networkInterfaceId()).isEqualTo(later);
        assertThat(refusal(() -> world.eni(eniId))).isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @Test
    void whatChangesByItselfLagsToo() {
        String eniId = world.createEni();
        String attachmentId = world.attach(eniId, launch("node-1").instanceId(), 1);
        faults.replace(List.of(
                FaultRule.of(new Fault.StaleView(Duration.ofSeconds(3))),
                FaultRule.of(new Fault.DetachDelay(seconds(2)))));
        world.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId));

        time.advance(Duration.ofSeconds(4));
        assertThat(status(eniId)).isEqualTo("detaching");
        time.advance(Duration.ofSeconds(1));
        assertThat(status(eniId)).isEqualTo("none");
    }

    @Test
    void attachAndDetachTakeAsLongAsTheFaultSays() {
        String instanceId = launch("node-1").instanceId();
        String eniId = world.createEni();
        faults.replace(List.of(
                FaultRule.of(new Fault.AttachDelay(seconds(8))), FaultRule.of(new Fault.DetachDelay(seconds(5)))));

        String attachmentId = world.attach(eniId, instanceId, 1);
        time.advance(Duration.ofSeconds(7));
        assertThat(status(eniId)).isEqualTo("attaching");
        time.advance(Duration.ofSeconds(1));
        assertThat(status(eniId)).isEqualTo("attached");

        world.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId));
        time.advance(Duration.ofSeconds(4));
        assertThat(status(eniId)).isEqualTo("detaching");
        time.advance(Duration.ofSeconds(1));
        assertThat(status(eniId)).isEqualTo("none");
    }

    @Test
    void aLinkIsLateOnTheNodeThatTheRuleNames() {
        launch("node-1");
        launch("node-2");
        faults.add(FaultRule.of(new Fault.LinkDelay(seconds(5))).from("node-2"));

        assertThat(emulated.emulation().attachedEnis())
                .extracting(eni ->
                        nameOf(eni) + " " + emulated.emulation().linkDelay(eni).toSeconds())
                .containsExactlyInAnyOrder("node-1 0", "node-2 5");
    }

    private String nameOf(FabricEni eni) {
        return emulated.emulation().groundTruth().instances().stream()
                .filter(instance -> instance.id().equals(eni.instanceId()))
                .map(GroundTruth.Machine::name)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aMetadataServiceCanBeIllOnOneNodeAlone() {
        NodeView ill = emulated.emulation().nodeView(launch("node-1").instanceId());
        NodeView well = emulated.emulation().nodeView(launch("node-2").instanceId());
        faults.add(FaultRule.of(new Fault.ImdsStatus(404)).from("node-1"));

        assertThat(ill.trouble()).contains(new ImdsTrouble.Status(404));
        assertThat(well.trouble()).isEmpty();
    }

    @Test
    void aMetadataServiceLagsByItsOwnTime() {
        String instanceId = launch("node-1").instanceId();
        NodeView view = emulated.emulation().nodeView(instanceId);
        time.advance(Duration.ofSeconds(1));
        faults.replace(List.of(
                FaultRule.of(new Fault.ImdsLag(Duration.ofSeconds(5))),
                FaultRule.of(new Fault.StaleView(Duration.ofSeconds(1)))));
        String eniId = world.createEni();
        world.attach(eniId, instanceId, 1);

        time.advance(Duration.ofSeconds(2));
        assertThat(status(eniId)).isEqualTo("attached");
        assertThat(view.instance().interfaces()).hasSize(1);
        time.advance(Duration.ofSeconds(3));
        assertThat(view.instance().interfaces()).hasSize(2);
    }

    @Test
    void aStaleMetadataServiceShowsWhatItShowedWhenTheRuleCame() {
        String instanceId = launch("node-1").instanceId();
        NodeView view = emulated.emulation().nodeView(instanceId);
        time.advance(Duration.ofSeconds(1));
        String rule = faults.add(FaultRule.of(new Fault.ImdsStale()));
        time.advance(Duration.ofSeconds(1));
        world.attach(world.createEni(), instanceId, 1);

        time.advance(Duration.ofMinutes(30));
        assertThat(view.instance().interfaces()).hasSize(1);
        faults.remove(rule);
        assertThat(view.instance().interfaces()).hasSize(2);
    }

    @Test
    void anAnswerTakesAsLongAsTheFaultSaysAndTheLogKnowsIt() {
        try (EmulatedEc2 real = new EmulatedEc2(Ec2Settings.defaults(), InstantSource.system())) {
            real.emulation().faults().add(FaultRule.of(new Fault.Slow(DurationRange.ofMillis(80, 90))));
            real.ec2().describeVpcs();

            CallLog.Call call = real.emulation().calls().all().getFirst();
            assertThat(call.took()).isGreaterThanOrEqualTo(Duration.ofMillis(79));
            assertThat(call.faults()).containsExactly("slow-1");
        }
    }

    @Test
    void theStormLetsTheAdministratorBe() {
        faults.replace(Presets.storm());

        for (int call = 0; call < 50; call++) {
            assertThat(world.ec2().describeVpcs().vpcs()).hasSize(1);
        }
        faults.replace(Presets.none());
        assertThat(faults.active()).isEmpty();
    }

    private String status(String eniId) {
        return world
                .ec2()
                .describeNetworkInterfaces(request -> request.networkInterfaceIds(eniId))
                .networkInterfaces()
                .stream()
                .map(eni -> eni.attachment() == null
                        ? "none"
                        : eni.attachment().status().toString())
                .findFirst()
                .orElseThrow();
    }

    private static DurationRange seconds(int seconds) {
        return DurationRange.fixed(Duration.ofSeconds(seconds));
    }

    private Instance launch(String name) {
        return world.launch(request -> request.tagSpecifications(TagSpecification.builder()
                .resourceType(ResourceType.INSTANCE)
                .tags(Tag.builder().key("Name").value(name).build())
                .build()));
    }

    private Ec2Client as(Instance instance) {
        RoleCredentials role = emulated.emulation()
                .nodeView(instance.instanceId())
                .credentials()
                .orElseThrow();
        return Ec2Clients.open(
                emulated.endpoint(),
                AwsSessionCredentials.create(role.accessKeyId(), role.secretAccessKey(), role.sessionToken()));
    }
}
