/// What the pool and its journal cost, measured by JMH: `./lab jmh`.
///
/// ## Starting points
/// - [PoolPairs] is an allocation and its release in pools of several sizes.
/// - [JournalAppend] is what the journal adds to an ADD.
/// - [JournalRecoveryBenchmark] is a start with pods of an earlier life, without the questions to EC2 and the kernel.
/// - [NumberedNode] is the node that all of them measure.
/// - [PoolMeasurement] runs them and makes the table.
@NullMarked
package io.vpceni.lab.jmh;

import org.jspecify.annotations.NullMarked;
