/// The journal in its file, and the checkpoint of the AWS VPC CNI (`docs/journal.md`).
///
/// ## Starting points
/// - [JournalFile] reads, appends and compacts; [JournalDisk] is what it needs of a directory.
/// - [AwsCheckpoint] reads and writes `ipam.json`.
///
/// ## Invariants
/// - At every moment the file under the journal's name has every record that was acknowledged.
/// - A bad file never keeps ipamd from starting, and is never deleted unread.
@NullMarked
package io.vpceni.ipamd.journal;

import org.jspecify.annotations.NullMarked;
