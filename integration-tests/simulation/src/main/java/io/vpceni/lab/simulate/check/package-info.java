/// The checker: what must hold, and records of its own of what happened.
///
/// ## Starting points
/// - [Invariant] lists what must hold; [Violation] says which one does not.
/// - [Checker] hears of everything that happens. It asks [HolderRecords] (who has which address), [AddRecords] (ADDs
///   and DELs), [LimitRecords] (how much was asked for), [IntentRecords] (which operations on ENIs were begun) and
///   [EniRecords] (calls and ENIs).
///
/// It shares no code with the pool and knows no mutant.
@NullMarked
package io.vpceni.lab.simulate.check;

import org.jspecify.annotations.NullMarked;
