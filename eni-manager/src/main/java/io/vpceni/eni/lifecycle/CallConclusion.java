package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Subnet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A call that has ended.
///
/// @param asked when the call was wanted: what happened later than that, the answer may not show
/// @param at now
record CallConclusion(Ec2Call<?> call, CallOutcome outcome, Instant asked, Instant at) {

    boolean succeeded() {
        return outcome instanceof CallOutcome.Answer;
    }

    Optional<List<Ec2Eni>> enis() {
        return outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis)) ? Optional.of(enis) : Optional.empty();
    }

    /// The one that was asked for.
    Optional<Ec2Eni> eni() {
        return enis().filter(enis -> enis.size() == 1).map(List::getFirst);
    }

    Optional<List<Ec2Subnet>> subnets() {
        return outcome instanceof CallOutcome.Answer(Ec2Answer.Subnets(var subnets))
                ? Optional.of(subnets)
                : Optional.empty();
    }

    /// An answer of another kind than the call's is as good as none.
    Ec2Failure asFailure() {
        return switch (outcome) {
            case CallOutcome.Failure(Ec2Failure failure) -> failure;
            case CallOutcome.Answer(Ec2Answer answer) -> Ec2Failure.unexpected(call, answer);
        };
    }
}
