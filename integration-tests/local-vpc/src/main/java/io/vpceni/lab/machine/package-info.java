/// The lab's hold on the machine: programs it runs, namespaces it makes, and the trace that it must not leave.
///
/// ## Starting points
/// - [LabResources] owns everything a lab puts on the machine and takes it away again, its own or a killed lab's.
/// - [Namespace] is a network namespace with `ip`, `nft` and other programs in it.
/// - [Program] runs one program, with a bound on its time and its output.
///
/// ## Invariants
/// - Every resource is recorded before it is created, so that it can be found again.
/// - A process is ended only if its id *and* its start time are those that were written down, or if it lives in a
///   network namespace of the lab's.
@NullMarked
package io.vpceni.lab.machine;

import org.jspecify.annotations.NullMarked;
