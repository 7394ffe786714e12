/// The account: what exists in the emulated EC2 and the rules that it keeps.
///
/// ## Starting points
/// - [Ec2State] holds everything there is and the time; each family of rules is a class beside it:
///   [Networks], [Instances], [Interfaces], [PrivateAddresses], [Attachments].
///
/// ## Invariants
/// - Single-threaded: the caller holds one lock round each operation, so there is none here.
/// - What takes time derives from timestamps: [Ec2State#settle] brings the state up to now; no thread changes it.
/// - A rule either holds for the whole request or nothing is changed.
@NullMarked
package io.vpceni.lab.ec2.model;

import org.jspecify.annotations.NullMarked;
