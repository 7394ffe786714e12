package io.vpceni.pool.journal;

import java.util.List;
import java.util.OptionalInt;

/// A journal that was read.
///
/// @param state what its readable records say
/// @param records readable records
/// @param end where the next record goes, in bytes: behind the last complete line
/// @param tornBytes what stands behind the last complete line: written only in part, never acted upon
/// @param damagedBytes inside the journal, that are not what was written
/// @param newerFormat the format's version, when it is later than ours: nothing was read
/// @param overfull it names more holders than a node can have ([JournalState#COUNT_MAX]): none of it is used
/// @param findings for the log and the metrics
public record JournalReading(
        JournalState state,
        int records,
        long end,
        long tornBytes,
        long damagedBytes,
        OptionalInt newerFormat,
        boolean overfull,
        List<Finding> findings) {
    public JournalReading {
        findings = List.copyOf(findings);
    }

    /// Whether nothing of it is used, and the file is to be renamed.
    public boolean refused() {
        return overfull || newerFormat.isPresent();
    }
}
