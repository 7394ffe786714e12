/// What the pool costs, measured by JMH: `./lab jmh`.
///
/// ## Starting points
/// - [PoolPairs] is an allocation and its release in pools of several sizes.
/// - [PoolMeasurement] runs them and makes the table.
@NullMarked
package io.vpceni.lab.jmh;

import org.jspecify.annotations.NullMarked;
