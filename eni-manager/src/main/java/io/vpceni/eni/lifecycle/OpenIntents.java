package io.vpceni.eni.lifecycle;

import io.vpceni.eni.ClientToken;
import io.vpceni.pool.EniId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What all intents so far say together: which operations did not end, and how far each came.
///
/// Bounded: beyond [#COUNT_MAX] operations the oldest is forgotten. Mutable, confined to its owner.
public final class OpenIntents {

    /// Far more than a node has ENIs.
    public static final int COUNT_MAX = 4096;

    /// What an intent is about.
    private sealed interface OperationKey {
        record ByToken(ClientToken token) implements OperationKey {}

        record ByEni(EniId eni) implements OperationKey {}
    }

    /// In the order in which the operations were begun.
    private final SequencedMap<OperationKey, Intent> last = new LinkedHashMap<>();

    /// Takes the next intent in.
    public void apply(Intent intent) {
        switch (intent) {
            case Intent.Creating creating -> put(new OperationKey.ByToken(creating.token()), creating);
            case Intent.Attaching attaching -> put(new OperationKey.ByToken(attaching.token()), attaching);
            case Intent.SettingDeleteOnTermination setting -> put(new OperationKey.ByToken(setting.token()), setting);
            case Intent.Undoing undoing -> put(new OperationKey.ByToken(undoing.token()), undoing);
            case Intent.Detaching detaching -> put(new OperationKey.ByEni(detaching.eni()), detaching);
            case Intent.Deleting deleting -> put(new OperationKey.ByEni(deleting.eni()), deleting);
            case Intent.Added added -> last.remove(new OperationKey.ByToken(added.token()));
            case Intent.Undone undone -> last.remove(new OperationKey.ByToken(undone.token()));
            case Intent.Deleted deleted -> last.remove(new OperationKey.ByEni(deleted.eni()));
            case Intent.Kept kept -> last.remove(new OperationKey.ByEni(kept.eni()));
        }
    }

    /// The last intent of each operation that did not end, in the order in which the operations were begun.
    /// Applied to nothing they give the same again.
    public List<Intent> list() {
        return List.copyOf(last.values());
    }

    /// Operations that did not end.
    public int count() {
        return last.size();
    }

    private void put(OperationKey key, Intent intent) {
        last.put(key, intent);
        if (last.size() > COUNT_MAX) {
            last.pollFirstEntry();
        }
    }
}
