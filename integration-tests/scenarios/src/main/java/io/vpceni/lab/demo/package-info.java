/// The demo: a lab is put up, every promise of the first slice is tried on it, and it goes without a trace.
///
/// ## Starting points
/// - [Demo] is the order of events.
/// - [Traffic] and [NegativeChecks] are the checks: what must arrive, and what must be lost and counted.
/// - [Checks] counts and prints them.
@NullMarked
package io.vpceni.lab.demo;

import org.jspecify.annotations.NullMarked;
