/// The journal of the pool's decisions, as text, and what it means at the next start. No file is touched here.
///
/// ## Starting points
/// - [Journal] is the port; [JournalText] writes lines and reads them, whatever became of them.
/// - [CheckedLines] is the form of the text; other files of ipamd have it too.
/// - [JournalState] is what all records together say.
/// - [StartupRecovery] hears journal, kernel, EC2 and a checkpoint and says what the pool is told. Its rules are the
///   table in `docs/journal.md`; each row has a test.
///
/// ## Invariants
/// - Reading never throws: what cannot be read is counted, reported and left out.
/// - An address that any sandbox has is never said to cool or to leave.
/// - Where records may be missing, all addresses that no sandbox has cool down before they are given out.
@NullMarked
package io.vpceni.pool.journal;

import org.jspecify.annotations.NullMarked;
