/// What the kernel should hold beside what it holds, and what is to be done about the difference.
///
/// ## Starting points
/// - [DriftCheck] is pure: from [DesiredState] and [ActualState] to a list of [Repair].
/// - [DriftWatch] is the thread: it listens, waits for a burst of changes to end, looks once, and repairs.
///
/// ## Invariants
/// - Level-triggered: what an event says is never believed, only what a look shows. A lost event costs time, nothing
///   else.
/// - Nothing is done to an object that is not ours.
/// - What is wired or unwired meanwhile is left alone: only what was wanted before the look and still is counts.
@NullMarked
package io.vpceni.network.drift;

import org.jspecify.annotations.NullMarked;
