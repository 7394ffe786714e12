package io.vpceni.lab.fleet;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.model.SimulatedEc2;
import java.util.function.Consumer;

/// EC2 as one node of a fleet meets it: the account's buckets first, then the answer, each after its time.
final class NodeEc2Calls {
    private final Timeline timeline;
    private final FleetAccount account;
    private final FleetLatencies latencies;
    private final SimulatedEc2 ec2;

    NodeEc2Calls(Timeline timeline, FleetAccount account, FleetLatencies latencies, SimulatedEc2 ec2) {
        this.timeline = timeline;
        this.account = account;
        this.latencies = latencies;
        this.ec2 = ec2;
    }

    void ask(Ec2Call<?> call, Consumer<Ec2Answer> answered, Consumer<Ec2Failure> failed) {
        String action = call.action().apiName();
        if (!account.admits(action)) {
            Ec2Failure throttled =
                    new Ec2Failure(Kind.THROTTLED, action, call.subject(), "RequestLimitExceeded", "", null);
            timeline.in(latencies.refusal(), () -> failed.accept(throttled));
            return;
        }
        timeline.in(latencies.of(action), () -> {
            Ec2Answer answer;
            try {
                answer = ec2.perform(call, timeline.now());
            } catch (Ec2Failure failure) {
                failed.accept(failure);
                return;
            }
            answered.accept(answer);
        });
    }
}
