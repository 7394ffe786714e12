package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Counts and times each call of an [Ec2] under its action's name.
public final class MeteredEc2 implements Ec2 {
    private final Ec2 ec2;
    private final Metrics metrics;
    private final LongSupplier nanos;

    public MeteredEc2(Ec2 ec2, Metrics metrics, LongSupplier nanos) {
        this.ec2 = ec2;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        long began = nanos.getAsLong();
        String error = "";
        try {
            return ec2.answer(call);
        } catch (Ec2Failure e) {
            error = e.kind().name();
            throw e;
        } finally {
            metrics.ec2Call(call.action().apiName(), error, Duration.ofNanos(nanos.getAsLong() - began));
        }
    }
}
