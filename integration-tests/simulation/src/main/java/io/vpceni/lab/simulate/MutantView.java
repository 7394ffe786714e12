package io.vpceni.lab.simulate;


import io.vpceni.eni.model.SimulatedVpc;
import java.time.Instant;
import java.util.function.IntSupplier;

/// What a mutant can look at and make use of, beside what passes the port at which it is planted.
///
/// @param waitingAdds how many ADDs have no answer
record MutantView(
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

    Instant now() {
        return run.now();
    }
}
