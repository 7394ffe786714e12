package io.vpceni.eni.lifecycle;

import io.vpceni.pool.EniId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What all intents so far say together: which works did not come to their end, and how far each came.
///
/// Bounded: beyond [#COUNT_MAX] works the oldest is forgotten. Mutable, confined to its owner.
public final class OpenIntents {

    /// Far more than a node has ENIs.
    public static final int COUNT_MAX = 4096;

    /// What an intent is about.
    private sealed interface Work {
        record EniCreation(String token) implements Work {}

        record Removal(EniId eni) implements Work {}
    }

    /// In the order in which the works were begun.
    private final SequencedMap<Work, Intent> last = new LinkedHashMap<>();

    /// Takes the next intent in.
    public void apply(Intent intent) {
        switch (intent) {
            case Intent.Creating creating -> put(new Work.EniCreation(creating.token()), creating);
            case Intent.Attaching attaching -> put(new Work.EniCreation(attaching.token()), attaching);
            case Intent.SettingDeleteOnTermination setting -> put(new Work.EniCreation(setting.token()), setting);
            case Intent.Undoing undoing -> put(new Work.EniCreation(undoing.token()), undoing);
            case Intent.Detaching detaching -> put(new Work.Removal(detaching.eni()), detaching);
            case Intent.Deleting deleting -> put(new Work.Removal(deleting.eni()), deleting);
            case Intent.Added added -> last.remove(new Work.EniCreation(added.token()));
            case Intent.Undone undone -> last.remove(new Work.EniCreation(undone.token()));
            case Intent.Deleted deleted -> last.remove(new Work.Removal(deleted.eni()));
            case Intent.Kept kept -> last.remove(new Work.Removal(kept.eni()));
        }
    }

    /// The last intent of each work that did not end, in the order in which the works were begun. Applied to
    /// nothing they give the same again.
    public List<Intent> list() {
        return List.copyOf(last.values());
    }

    /// Works that did not end.
    public int count() {
        return last.size();
    }

    private void put(Work work, Intent intent) {
        last.put(work, intent);
        if (last.size() > COUNT_MAX) {
            last.pollFirstEntry();
        }
    }
}
