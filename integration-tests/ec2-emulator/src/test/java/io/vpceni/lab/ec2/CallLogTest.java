package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.ec2.CallLog.Call;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What is written down of each call, and what the ground truth says.
class CallLogTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    private final TestWorld world = emulated.world("10.20.0.0/24");
    private final CallLog calls = emulated.emulation().calls();

    @Test
    void eachCallIsThereWithItsOutcome() {
        calls.clear();
        emulated.emulation()
                .faults()
                .add(FaultRule.of(new Fault.LoseAnswer())
                        .on("DeleteNetworkInterface")
                        .times(1));
        String eniId = world.createEni();
        assertThatThrownBy(() -> world.ec2().deleteNetworkInterface(request -> request.networkInterfaceId(eniId)))
                .isInstanceOf(SdkClientException.class);
        assertThat(refusal(() -> world.eni(eniId))).isEqualTo("InvalidNetworkInterfaceID.NotFound");

        assertThat(calls.all())
                .extracting(call -> call.caller() + " " + call.action() + " " + call.about() + " " + call.outcome()
                        + " " + call.answered())
                .containsExactly(
                        "administrator CreateNetworkInterface " + world.subnetId() + " ok true",
                        "administrator DeleteNetworkInterface " + eniId + " ok false",
                        "administrator DescribeNetworkInterfaces " + eniId
                                + " InvalidNetworkInterfaceID.NotFound true");
        assertThat(calls.totals().get("DeleteNetworkInterface"))
                .isEqualTo(new CallLog.ActionTotals(1, 1, 0, 0, 1, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void callsCanBeReadOnFromAnyPoint() {
        long before = calls.lastNumber();
        time.advance(Duration.ofSeconds(5));
        world.createEni();

        List<Call> since = calls.since(time.instant());
        assertThat(since).hasSize(1).isEqualTo(calls.after(before));
        assertThat(CallLog.totals(since)).containsOnlyKeys("CreateNetworkInterface");
    }

    @Test
    void theBooksKnowEveryEniItsTieAndWhatIsFree() {
        String instanceId = world.launch("t3.small").instanceId();
        String loose = world.createEni(request -> request.ipv4PrefixCount(1)).networkInterfaceId();
        String tied = world.createEni();
        String attachmentId = world.attach(tied, instanceId, 1);

        GroundTruth truth = emulated.emulation().groundTruth();

        assertThat(truth.enis()).hasSize(3);
        assertThat(truth.enisOf(instanceId))
                .extracting(GroundTruth.EniState::id)
                .contains(tied)
                .doesNotContain(loose);
        assertThat(eni(truth, tied).attachment())
                .contains(new GroundTruth.AttachmentView(attachmentId, instanceId, 0, 1, "attached", false));
        assertThat(eni(truth, loose).prefixes()).hasSize(1);
        assertThat(truth.subnets().getFirst().freeAddresses()).isEqualTo(world.freeAddresses());
    }

    private static GroundTruth.EniState eni(GroundTruth truth, String id) {
        return truth.enis().stream()
                .filter(eni -> eni.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
