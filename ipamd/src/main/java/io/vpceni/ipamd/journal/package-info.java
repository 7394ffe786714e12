/// The journal and the intents in their files, and the checkpoint of the AWS VPC CNI (`docs/journal.md`).
///
/// ## Starting points
/// - [RecordFile] reads, appends and compacts; [JournalDisk] is what it needs of a directory.
/// - [JournalFile] is one of the pool's records, [IntentFile] one of the intents.
/// - [AwsCheckpoint] reads and writes `ipam.json`.
///
/// ## Invariants
/// - At every moment the file under its name has every record that was acknowledged.
/// - A bad file never keeps ipamd from starting, and is never deleted unread.
@NullMarked
package io.vpceni.ipamd.journal;

import org.jspecify.annotations.NullMarked;
