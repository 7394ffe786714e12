package io.vpceni.lab.simulate.node;

import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.ec2.ForeignEc2Changes;
import io.vpceni.lab.simulate.ec2.SimImds;
import io.vpceni.lab.simulate.kernel.SimKernel;
import java.time.Instant;
import java.util.function.IntSupplier;

/// What a mutant can look at and make use of, beside what passes the port at which it is planted.
///
/// @param waitingAdds how many ADDs have no answer
public record MutantView(
        RunContext run,
        SimulatedVpc ec2,
        SimKernel kernel,
        SimImds imds,
        SimLinks links,
        SimRuntime runtime,
        WaitingRequests requests,
        ForeignEc2Changes byHand,
        MessageQueue post,
        IntSupplier waitingAdds) {

    public Instant now() {
        return run.now();
    }
}
