/// Where ENIs come from: which subnet, which security groups, which tags; and which of the attached ENIs are ours.
///
/// Pure: no I/O, no clock, no thread. Start at [EniPlacements]; docs/enis.md says the rules in words.
///
/// Invariants:
/// - No new ENI in a subnet that its tags exclude, as far as EC2 has told.
/// - A subnet that is not known excludes nothing: pods are not moved because an answer is missing.
/// - The primary ENI is ours whatever its tags say.
@NullMarked
package io.vpceni.eni.site;

import org.jspecify.annotations.NullMarked;
