/// The ports of the product at which a mutant can be planted.
///
/// ## Starting points
/// - [Mutant] has a method for each port. What it can look at there is one small view, for example [CallView]; no view
///   gives out a part of the world.
/// - [PlantedMutant] is the mutant of one world, as the parts of the world meet it.
@NullMarked
package io.vpceni.lab.simulate.port;

import org.jspecify.annotations.NullMarked;
