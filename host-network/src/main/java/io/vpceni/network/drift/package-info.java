/// Compares the kernel's desired state with its actual state, and repairs the difference.
///
/// ## Starting points
/// - [DriftCheck] is pure: from [DesiredState] and [ActualState] to a list of [Repair].
/// - [DriftWatch] is the thread: it listens for events, waits for a burst of changes to end, checks once, and
///   repairs.
///
/// ## Invariants
/// - Level-triggered: an event only triggers a check, and only the check's result counts. A lost event costs time,
///   nothing else.
/// - Objects that are not ours are never changed.
/// - Objects that are being added or removed are skipped: only what was desired before the check and is desired
///   after it counts.
@NullMarked
package io.vpceni.network.drift;

import org.jspecify.annotations.NullMarked;
