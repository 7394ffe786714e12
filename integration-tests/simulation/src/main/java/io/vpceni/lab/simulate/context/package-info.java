/// What every part of a simulated world shares: time, choices, faults, and the record of what happened.
///
/// ## Starting points
/// - [RunContext] holds them together.
/// - [Choices] draws every random choice from a seed, or repeats recorded ones.
/// - [WorldParameters] is what one world is like; [SimulatedFault] is what can go wrong in it, [Faults] whether it
/// does.
/// - [Coverage] counts what occurred, [Events] keeps the last things that happened.
///
/// It knows no other package of the simulation.
@NullMarked
package io.vpceni.lab.simulate.context;

import org.jspecify.annotations.NullMarked;
