package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Failure;

/// What came of a call.
sealed interface CallOutcome {

    /// EC2 did it.
    record Answer(Ec2Answer answer) implements CallOutcome {}

    /// EC2 did not do it, or may not have done it, or was not asked.
    record Failure(Ec2Failure failure) implements CallOutcome {}
}
