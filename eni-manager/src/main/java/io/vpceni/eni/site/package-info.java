/// Decides in which subnet ENIs are created, with which security groups and tags, and which attached ENIs are used.
///
/// Pure: no I/O, no clock, no thread. Start at [EniPlacements]; docs/enis.md says the rules in words.
///
/// Invariants:
/// - No new ENI is created in a subnet that its known tags exclude.
/// - An unknown subnet excludes nothing: a missing answer moves no pods.
/// - The primary ENI is used whatever its tags are.
@NullMarked
package io.vpceni.eni.site;

import org.jspecify.annotations.NullMarked;
