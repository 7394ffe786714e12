package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.util.Set;

/// Everything that [EniStateMachine] hears.
public sealed interface EniMessage {

    /// The pool wants something.
    ///
    /// @param waiting whether an ADD waits for it
    record Wanted(Effect.Request request, boolean waiting) implements EniMessage {}

    /// EC2 answered [EniEffect.Call].
    record Answered(long call, Ec2Answer answer) implements EniMessage {}

    /// EC2 refused [EniEffect.Call], or its answer was lost, or it was never sent.
    record Failed(long call, Ec2Failure failure) implements EniMessage {}

    /// The link of an ENI is there and set up: answers [EniEffect.SetUpLink], and ends a [LinkFailed] that
    /// nobody asked for.
    record LinkReady(EniId eni) implements EniMessage {}

    /// The link of an ENI did not come, or the kernel refused: answers [EniEffect.SetUpLink]. Or it was there,
    /// and is gone or carries nothing any more.
    record LinkFailed(EniId eni, String reason) implements EniMessage {}

    /// Addresses that sandboxes have: answers [EniEffect.AskKernel].
    record KernelHolds(long look, Set<InetAddress> held) implements EniMessage {
        public KernelHolds {
            held = Set.copyOf(held);
        }
    }

    /// The kernel does not tell: answers [EniEffect.AskKernel].
    record KernelSilent(long look, String reason) implements EniMessage {}

    /// A minute has passed: look at EC2.
    record Reconcile() implements EniMessage {}

    /// This node is being terminated: nothing is given back any more, EC2 does that by itself.
    record NodeEnds() implements EniMessage {}

    /// Time passed: send one at [EniStateMachine#lookAgainAt].
    record Tick() implements EniMessage {}
}
