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
/// @param findings for the log and the metrics
public record JournalReading(
        JournalState state,
        int records,
        int end,
        int tornBytes,
        int damagedBytes,
        OptionalInt newerFormat,
        List<Finding> findings) {
    public JournalReading {
        findings = List.copyOf(findings);
    }
}
