package io.vpceni.lab.ec2;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/// How many requests the account has.
class BucketsTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    private final TestWorld world = emulated.world("10.20.0.0/22");

    @Test
    void aBucketHoldsWhatIsDocumentedAndFillsAgainByTheSecond() {
        assertThat(admitted(120, this::create)).isEqualTo(100);
        time.advance(Duration.ofSeconds(2));
        assertThat(admitted(20, this::create)).isEqualTo(10);
        time.advance(Duration.ofHours(1));
        assertThat(admitted(120, this::create)).isEqualTo(100);
    }

    @Test
    void eachActionHasItsOwnBucket() {
        assertThat(admitted(101, this::create)).isEqualTo(100);
        assertThat(world.ec2().describeSubnets().subnets()).hasSize(1);
        assertThat(emulated.emulation().buckets())
                .containsEntry("CreateNetworkInterface", 0.0)
                .containsEntry("DescribeSubnets", 99.0);
    }

    @Test
    void whatAttachesHasTheSmallerBucketOfItsCategory() {
        String instanceId = world.launch("t3.small").instanceId();
        String eniId = world.createEni();

        assertThat(admitted(60, () -> world.attach(eniId, instanceId, 1)))
                .as("refusals by the rules count too")
                .isEqualTo(50);
    }

    @Test
    void askingForEverythingHasASmallerBucketThanAskingForSome() {
        assertThat(admitted(60, () -> world.ec2().describeNetworkInterfaces())).isEqualTo(50);
        assertThat(admitted(110, () -> world.ec2().describeNetworkInterfaces(request -> request.maxResults(100))))
                .isEqualTo(100);
    }

    @Test
    void launchesTakeATokenForEachInstanceToo() {
        assertThat(admitted(7, () -> world.launch("t3.small"))).isEqualTo(5);
        assertThat(emulated.emulation().buckets()).containsEntry("RunInstances (instances)", 995.0);
    }

    @Test
    void anotherClientTakesItsShare() {
        emulated.emulation()
                .faults()
                .add(FaultRule.of(new Fault.OtherClient(0.5)).on("CreateNetworkInterface"));

        assertThat(admitted(60, this::create)).isEqualTo(50);
        time.advance(Duration.ofSeconds(2));
        assertThat(admitted(20, this::create)).isEqualTo(5);
    }

    @Test
    void bucketsHaveTheSizesThatAreSetOrNone() {
        try (EmulatedEc2 small = new EmulatedEc2(
                        Ec2Settings.defaults()
                                .withBuckets(BucketSizes.documented().with("DescribeVpcs", new BucketSizes.Size(2, 1))),
                        time);
                EmulatedEc2 endless = new EmulatedEc2(Ec2Settings.defaults().withBuckets(BucketSizes.off()), time)) {
            assertThat(admitted(5, () -> small.ec2().describeVpcs())).isEqualTo(2);
            assertThat(admitted(200, () -> endless.ec2().describeVpcs())).isEqualTo(200);
        }
    }

    @Test
    void aThrottledRequestIsRefusedAsEc2RefusesIt() {
        int _ = admitted(100, this::create);

        assertThat(refusal(this::create)).isEqualTo("RequestLimitExceeded");
        assertThat(emulated.emulation().calls().totals())
                .extractingByKey("CreateNetworkInterface")
                .isEqualTo(new CallLog.ActionTotals(101, 100, 1, 1, 0, Duration.ZERO, Duration.ZERO));
    }

    private void create() {
        String _ = world.createEni();
    }

    /// How many of the calls were not throttled.
    private static int admitted(int calls, Runnable call) {
        return IntStream.range(0, calls).map(_ -> isAdmitted(call) ? 1 : 0).sum();
    }

    private static boolean isAdmitted(Runnable call) {
        try {
            call.run();
            return true;
        } catch (Ec2Exception refused) {
            return !refused.awsErrorDetails().errorCode().equals("RequestLimitExceeded");
        }
    }
}
