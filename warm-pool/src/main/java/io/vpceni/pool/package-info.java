/// The warm pool: which addresses the node holds, who has them, and when to ask for more.
///
/// Pure: no I/O, no clock, no logger, no thread. Time comes in with every message.
///
/// ## Starting points
/// - [WarmPool#handle] is everything: one [Message] in, a list of [Effect] out.
/// - [PoolSnapshot] is what others may see of it.
@NullMarked
package io.vpceni.pool;

import org.jspecify.annotations.NullMarked;
