package io.vpceni.lab.ec2.query;

/// One action of the API, in two steps: first all parameters are read and refused if wrong, then something is done.
@FunctionalInterface
public interface Action {
    /// Reads every parameter that the action knows and changes nothing.
    Operation read(Parameters parameters);

    /// A request that was read. Runs alone: nothing else looks at or changes the state meanwhile.
    @FunctionalInterface
    interface Operation {
        /// Does it and writes the answer's elements after the request id.
        void perform(Xml answer);
    }
}
