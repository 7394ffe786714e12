package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.imds.InterfaceMetadata;
import io.vpceni.lab.imds.NodeView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What EC2 does not do at once: API, fabric and metadata service learn of it one after another.
class DelaysTest {
    private static final Ec2Delays DELAYS = Ec2Delays.realistic();
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults(), time);

    private final TestWorld world = emulated.world("10.20.0.0/24");

    @Test
    void anInstanceIsPendingBeforeItRuns() {
        String id = world.launch("t3.small").instanceId();
        assertThat(state(id)).isEqualTo("pending");
        assertThat(attached()).isEmpty();

        time.advance(DELAYS.launch());

        assertThat(state(id)).isEqualTo("running");
        assertThat(attached()).hasSize(1);
    }

    @Test
    void anEniIsAttachingThenAttachedThenInTheMetadata() {
        String instanceId = running();
        String eniId = world.createEni();
        NodeView view = emulated.emulation().nodeView(instanceId);
        world.attach(eniId, instanceId, 1);
        time.advance(DELAYS.attach().minus(A_MOMENT));
        assertThat(world.eni(eniId).attachment().statusAsString()).isEqualTo("attaching");
        assertThat(attached()).doesNotContain(eniId);

        time.advance(A_MOMENT);
        assertThat(world.eni(eniId).attachment().statusAsString()).isEqualTo("attached");
        assertThat(attached()).contains(eniId);
        assertThat(enisIn(view)).doesNotContain(eniId);

        time.advance(DELAYS.metadataInterface());
        assertThat(enisIn(view)).contains(eniId);
    }

    @Test
    void theMetadataLearnsOfAddressesLater() {
        String instanceId = running();
        NodeView view = emulated.emulation().nodeView(instanceId);
        String primary = attached().getFirst();

        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(primary).secondaryPrivateIpAddressCount(2));
        assertThat(addressCount(view)).isEqualTo(1);
        time.advance(DELAYS.metadataAddress());
        assertThat(addressCount(view)).isEqualTo(3);

        String gone = world.addresses(primary).getLast();
        world.ec2()
                .unassignPrivateIpAddresses(
                        request -> request.networkInterfaceId(primary).privateIpAddresses(gone));
        assertThat(addressCount(view)).isEqualTo(3);
        time.advance(DELAYS.metadataAddress());
        assertThat(addressCount(view)).isEqualTo(2);
    }

    @Test
    void anEniIsDetachingBeforeItIsAvailable() {
        String instanceId = running();
        String eniId = world.createEni();
        String attachmentId = world.attach(eniId, instanceId, 1);
        time.advance(DELAYS.attach());

        world.ec2().detachNetworkInterface(request -> request.attachmentId(attachmentId));
        assertThat(world.eni(eniId).attachment().statusAsString()).isEqualTo("detaching");
        assertThat(world.eni(eniId).statusAsString()).isEqualTo("in-use");

        time.advance(DELAYS.detach());
        assertThat(world.eni(eniId).statusAsString()).isEqualTo("available");
        assertThat(attached()).doesNotContain(eniId);
    }

    @Test
    void anInstanceIsShuttingDownBeforeItIsTerminatedAndThenHasNoMetadata() {
        String id = running();
        NodeView view = emulated.emulation().nodeView(id);

        world.ec2().terminateInstances(request -> request.instanceIds(id));
        assertThat(state(id)).isEqualTo("shutting-down");
        assertThat(attached()).hasSize(1);

        time.advance(DELAYS.terminate());
        assertThat(state(id)).isEqualTo("terminated");
        assertThat(attached()).isEmpty();
        assertThatThrownBy(view::instance)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(id);
    }

    @Test
    void aTerminatedInstanceIsForgottenAfterAnHour() {
        String id = running();
        world.ec2().terminateInstances(request -> request.instanceIds(id));

        time.advance(Duration.ofMinutes(61));

        assertThat(TestWorld.refusal(() -> state(id))).isEqualTo("InvalidInstanceID.NotFound");
    }

    @Test
    void listenersHearWhenAnAttachmentTakesEffect() throws InterruptedException {
        Ec2Delays brief = new Ec2Delays(
                Duration.ofMillis(20), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        CountDownLatch heard = new CountDownLatch(1);
        try (EmulatedEc2 live = new EmulatedEc2(Ec2Settings.defaults().withDelays(brief), InstantSource.system())) {
            live.emulation().onChange(() -> {
                if (!live.emulation().attachedEnis().isEmpty()) {
                    heard.countDown();
                }
            });

            live.world("10.20.0.0/24").launch("t3.small");

            assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theFabricSeesEveryAddressOfAnAttachedEniItsPrimaryFirst() {
        running();
        FabricEni eni = emulated.emulation().attachedEnis().getFirst();
        world.ec2()
                .assignPrivateIpAddresses(
                        request -> request.networkInterfaceId(eni.eniId()).secondaryPrivateIpAddressCount(2));

        FabricEni grown = emulated.emulation().attachedEnis().getFirst();

        assertThat(grown.addresses()).hasSize(3).startsWith(eni.addresses().getFirst());
        assertThat(grown.macAddress()).isEqualTo(world.eni(eni.eniId()).macAddress());
        assertThat(grown.deviceIndex()).isZero();
    }

    private String running() {
        String id = world.launch("t3.small").instanceId();
        time.advance(DELAYS.launch());
        return id;
    }

    private String state(String instanceId) {
        return world.ec2()
                .describeInstances(request -> request.instanceIds(instanceId))
                .reservations()
                .getFirst()
                .instances()
                .getFirst()
                .state()
                .nameAsString();
    }

    private List<String> attached() {
        return emulated.emulation().attachedEnis().stream()
                .map(FabricEni::eniId)
                .toList();
    }

    private static List<String> enisIn(NodeView view) {
        return view.instance().interfaces().stream()
                .map(InterfaceMetadata::interfaceId)
                .toList();
    }

    private static int addressCount(NodeView view) {
        return view.instance().primaryInterface().privateAddresses().size();
    }
}
