/// The settings, and the values that every module uses: addresses, device slots, [Backoff].
///
/// Pure: the environment is passed in as a map, problems are returned as a list. No I/O.
///
/// ## Starting points
/// - [Settings#from] reads the whole environment once, in `main`.
/// - [SettingsException#problems] is the list of errors that the operator sees.
/// - [Conflist#toJson] is the network configuration for the container runtime.
///
/// ## Invariants
/// - A [Settings] object is always valid: ranges are checked when it is created, nowhere else.
/// - Every variable is described once, and docs/settings.md shows that description; a test compares them.
/// - A [Cidr] has no host bits, a [MacAddress] has 48 bits.
@NullMarked
package io.vpceni.config;

import org.jspecify.annotations.NullMarked;
