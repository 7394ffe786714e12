/// What can be set, and the two kinds of network number that every module speaks of.
///
/// Pure: the environment comes in as a map, problems come out as a list. No I/O.
///
/// ## Starting points
/// - [Settings#from] reads the whole environment once, in `main`.
/// - [SettingsException#problems] is what the operator sees when it does not fit.
/// - [Conflist#toJson] is what the container runtime is told.
///
/// ## Invariants
/// - A [Settings] that exists is valid: ranges are checked when it is made, nowhere else.
/// - Every variable is described once, and docs/settings.md shows that description; a test compares them.
/// - A [Cidr] has no host bits, a [MacAddress] has 48 bits.
@NullMarked
package io.vpceni.config;

import org.jspecify.annotations.NullMarked;
