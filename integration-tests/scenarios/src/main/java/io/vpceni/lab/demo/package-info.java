/// The demo: starts a lab, checks every promise of the README on it, and ends it without leaving anything.
///
/// ## Starting points
/// - [Demo] is the order of events.
/// - [Traffic] and [NegativeChecks] are the checks: packets that must arrive, and packets that must be dropped and
///   counted.
/// - [Checks] counts and prints them.
@NullMarked
package io.vpceni.lab.demo;

import org.jspecify.annotations.NullMarked;
