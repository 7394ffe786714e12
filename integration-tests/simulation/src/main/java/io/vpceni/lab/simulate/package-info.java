/// The simulation: the production classes of the pool, the machine of ENIs, their disks and their owners in one thread,
/// with simulated time, EC2, IMDS, kernel, links and container runtime, from a seed.
///
/// [SimulationReport] is what `./lab simulate` does and prints. Below it, each package knows only those that come
/// before it here (`HouseTest` says which):
/// - `context`: time, choices, faults and the record of what happened, which all parts share.
/// - `kernel`: the links, routes and rules of sandboxes.
/// - `check`: the invariants, and the checker with records of its own. It shares no code with the pool.
/// - `ec2`: EC2 with its faults, changed by others.
/// - `node`: ipamd and what it meets on its node; the ports at which a mutant is planted.
/// - `accident`: what happens by itself.
/// - `mutant`: the mutants, which prove that the checker can fail.
/// - `run`: worlds and how they are run.
/// - `incident`: incidents of other projects.
///
/// How to run it, and what it proves and what not, says `docs/simulation.md`.
@NullMarked
package io.vpceni.lab.simulate;

import org.jspecify.annotations.NullMarked;
