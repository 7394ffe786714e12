/// The warm pool: which addresses the node holds, who has them, and when to ask EC2 for more.
///
/// Pure: no I/O, no clock, no logger, no thread. Time comes in with every message.
///
/// ## Starting points
/// - [WarmPool#handle] is everything: one [Message] in, a list of [Effect] out. [WarmPool] says how it starts.
/// - `AddressBook` holds the addresses; every change of an address's state is one of its methods.
/// - `Stock#shortOf` is the targets in one formula; `Growth` turns it into requests.
/// - `WaitingAdds` and `Tombstones` are what ADDs and DELs leave behind while they cannot be answered.
/// - [PoolSnapshot] is what others may see.
///
/// ## Invariants
/// - An address is in exactly one [AddressState], with at most one sandbox; a key has at most one address.
/// - A cooling address is nobody's and is not stock.
/// - An ADD is answered once: with an address, or at its deadline with a reason, or cancelled by its DEL.
/// - While somebody waits nothing is assignable; who came first is served first.
/// - Never more ENIs or addresses are asked for than the node, the ENI and MAX_ENI allow.
/// - Nothing depends on hash order: the same messages at the same times make the same effects.
///
/// ## Not yet
/// The pool only grows. It gives no address and no ENI back, whatever the targets say. It knows single secondary
/// addresses on one network card; prefixes and IPv6 are not there yet.
@NullMarked
package io.vpceni.pool;

import org.jspecify.annotations.NullMarked;
