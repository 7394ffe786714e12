package io.vpceni.pool;

import java.util.ArrayList;
import java.util.List;

/// The effects of the message that is being handled: what is to be written comes first.
final class Outbox {

    private final List<Effect> writes = new ArrayList<>(2);
    private final List<Effect> others = new ArrayList<>(2);

    void write(JournalRecord entry) {
        writes.add(new Effect.Write(entry));
    }

    void add(Effect effect) {
        others.add(effect);
    }

    void answer(long ticket, AssignResult result) {
        others.add(new Effect.Answered(ticket, result));
    }

    void notice(PoolNotice notice) {
        others.add(new Effect.Noticed(notice));
    }

    /// Everything so far, and starts anew.
    List<Effect> drain() {
        List<Effect> effects = new ArrayList<>(writes.size() + others.size());
        effects.addAll(writes);
        effects.addAll(others);
        writes.clear();
        others.clear();
        return List.copyOf(effects);
    }
}
