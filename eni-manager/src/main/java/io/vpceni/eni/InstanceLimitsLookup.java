package io.vpceni.eni;

import io.vpceni.pool.NodeLimits;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks EC2 for the limits of an instance type while other things are read.
final class InstanceLimitsLookup {

    private static final Logger log = LoggerFactory.getLogger(InstanceLimitsLookup.class);

    private final String instanceType;

    private final FutureTask<NodeLimits> answer;

    private InstanceLimitsLookup(String instanceType, FutureTask<NodeLimits> answer) {
        this.instanceType = instanceType;
        this.answer = answer;
    }

    static InstanceLimitsLookup begin(Ec2 ec2, String instanceType) {
        FutureTask<NodeLimits> answer = new FutureTask<>(
                () -> ec2.perform(new Ec2Call.LimitsOf(instanceType)).limits());
        Thread.ofVirtual().name("instance-limits").start(answer);
        return new InstanceLimitsLookup(instanceType, answer);
    }

    /// EC2's answer; without one the packaged table's; without a row a guess that EC2's refusals correct.
    NodeLimits await() throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Optional<NodeLimits> packaged = InstanceTypes.limits(instanceType);
            log.atWarn()
                    .addKeyValue("type", instanceType)
                    .addKeyValue("limits", packaged.isPresent() ? "packaged table" : "guessed from the size")
                    .addKeyValue("cause", String.valueOf(e.getCause()))
                    .log("EC2 returned no limits for this instance type");
            return packaged.orElseGet(() -> InstanceTypes.guess(instanceType));
        }
    }
}
