/// Worlds, and how they are run.
///
/// ## Starting points
/// - [Simulation] runs world after world from one seed.
/// - [Episode] is one world from its beginning to its end; what breaks it is shortened by [Shrinker].
/// - [SimWorld] puts the parts of a world together, lets one step happen, and kills and starts ipamd.
/// - [Quiescence] stops the faults and checks that all is in order then.
/// - [MutantProof] plants a mutant and sees who catches it.
@NullMarked
package io.vpceni.lab.simulate.run;

import org.jspecify.annotations.NullMarked;
