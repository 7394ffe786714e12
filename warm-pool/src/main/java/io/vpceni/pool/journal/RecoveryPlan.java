package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/// The result of all sources together.
///
/// @param messages for the pool, in order, behind the ENIs and before the first Tick
/// @param records to append to the journal so that it agrees from now on; what the pool writes on its own is not in it
/// @param findings for the log and the metrics
/// @param foreignHolders by address that a pod of another CNI plugin has, the key under which the pool keeps it: later
///     views of the kernel use the same
public record RecoveryPlan(
        List<Message> messages,
        List<JournalRecord> records,
        List<Finding> findings,
        Map<InetAddress, AttachmentKey> foreignHolders) {
    public RecoveryPlan {
        messages = List.copyOf(messages);
        records = List.copyOf(records);
        findings = List.copyOf(findings);
        foreignHolders = Map.copyOf(foreignHolders);
    }
}
