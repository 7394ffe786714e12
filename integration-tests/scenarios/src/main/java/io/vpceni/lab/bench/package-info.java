/// Measures ADDs: the real plugin by fork and exec, on a node with a warm pool, from exec to exit.
///
/// ## Starting points
/// - [Bench] starts one large node and runs the series in order.
/// - [ExecDriver] runs one series through `execbench`, a small C program: no shell and no JVM is in the measured time.
/// - [SeriesResult] are the figures of a series; [BenchReport] prints them beside the [Budgets].
///
/// ## Invariants
/// - Namespaces are made before a series begins, and the pool is warm: a series waits for nothing but the product.
/// - A run that failed counts as a failure and not as a time.
@NullMarked
package io.vpceni.lab.bench;

import org.jspecify.annotations.NullMarked;
