/// What the lab does on the machine: programs, namespaces, and the list of everything that it must delete.
///
/// ## Starting points
/// - [LabResources] owns everything that a lab puts on the machine and deletes it, also that of a killed lab.
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
