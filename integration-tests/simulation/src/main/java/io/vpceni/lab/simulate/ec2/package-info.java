/// EC2 as the node meets it: the model of `io.vpceni.eni.model` with faults, and changed by others.
///
/// ## Starting points
/// - [FaultyEc2] refuses calls, loses answers, shows old views and takes its time; [CheckedEc2] tells the checker what
///   is about to be done.
/// - [ForeignEc2Changes] is what people and other nodes do.
/// - [SimImds] is what instance metadata would say; only mutants ask.
@NullMarked
package io.vpceni.lab.simulate.ec2;

import org.jspecify.annotations.NullMarked;
