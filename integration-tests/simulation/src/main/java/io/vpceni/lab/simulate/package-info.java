/// The simulation: the production classes of the pool, the machine of ENIs, their disks and their owners in one thread,
/// with simulated time, EC2, IMDS, kernel, links and container runtime, from a seed.
///
/// - [io.vpceni.lab.simulate.SimWorld] lets things happen, one step at a time. Every accident comes out of
///   [io.vpceni.lab.simulate.Choices], which records them, so that each run can be played again.
/// - [io.vpceni.lab.simulate.Checker] keeps books of its own from what the world saw and throws a
///   [io.vpceni.lab.simulate.Violation] when an [io.vpceni.lab.simulate.Invariant] is broken. It shares no code with
///   the pool.
/// - [io.vpceni.lab.simulate.Mutant] stands between the world and the product and breaks something: the proof that
///   the checker can fail.
///
/// How to run it, and what it proves and what not, says `docs/simulation.md`.
@NullMarked
package io.vpceni.lab.simulate;

import org.jspecify.annotations.NullMarked;
