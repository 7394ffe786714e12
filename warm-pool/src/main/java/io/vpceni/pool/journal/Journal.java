package io.vpceni.pool.journal;

import io.vpceni.pool.JournalRecord;
import java.io.IOException;
import java.util.List;

/// Where the pool's decisions are written down so that they outlive ipamd.
public interface Journal {
    /// Returns when the records are safe against the end of the process.
    ///
    /// @throws IOException when they are not, or it is not known: none of them may be acted upon
    void append(List<JournalRecord> records) throws IOException;

    /// Writes everything again when it was lost under us.
    ///
    /// @return whether it was lost and is there again
    /// @throws IOException when it is lost and cannot be written
    default boolean restoreIfLost() throws IOException {
        return false;
    }

    /// Finds out whether records could be written now. Changes nothing.
    ///
    /// @throws IOException when they could not
    default void tryDisk() throws IOException {}

    /// Writes everything into a new file, for a file that takes nothing although its disk does.
    ///
    /// @return whether it is there; false: ask again later
    /// @throws IOException when it cannot be written or not take the old one's place
    default boolean writeAnew() throws IOException {
        return true;
    }
}
