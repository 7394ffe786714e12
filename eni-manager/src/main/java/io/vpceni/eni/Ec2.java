package io.vpceni.eni;

/// EC2, as far as one node needs it. Thread-safe.
@FunctionalInterface
public interface Ec2 {

    /// Makes one call, once. Blocks, for seconds perhaps. Implemented by whoever is EC2; [#perform] is for callers.
    ///
    /// @return an answer of the call's type
    /// @throws Ec2Failure when EC2 did not do it, or may not have done it
    Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure;

    /// Makes one call, once. Blocks, for seconds perhaps.
    ///
    /// @throws Ec2Failure when EC2 did not do it, or may not have done it; of kind `OUTCOME_UNKNOWN` when it
    ///     answered something else
    default <A extends Ec2Answer> A perform(Ec2Call<A> call) throws Ec2Failure {
        Ec2Answer answer = answer(call);
        if (!call.answerType().isInstance(answer)) {
            throw Ec2Failure.unexpected(call, answer);
        }
        return call.answerType().cast(answer);
    }
}
