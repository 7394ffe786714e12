package io.vpceni.pool;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The effects of the message that is being handled: what is to be written comes first.
final class Outbox {

    private final List<Effect> writes = new ArrayList<>(2);
    private final List<Effect> rest = new ArrayList<>(2);

    void write(JournalRecord entry) {
        writes.add(new Effect.Write(entry));
    }

    void add(Effect effect) {
        rest.add(effect);
    }

    void answer(long ticket, AssignResult result) {
        rest.add(new Effect.Answered(ticket, result));
    }

    void notice(PoolNotice.Kind kind, InetAddress address, String text) {
        rest.add(new Effect.Noticed(new PoolNotice(kind, Optional.of(address), text)));
    }

    void notice(PoolNotice.Kind kind, String text) {
        rest.add(new Effect.Noticed(new PoolNotice(kind, Optional.empty(), text)));
    }

    /// Everything so far, and starts anew.
    List<Effect> drain() {
        List<Effect> effects = new ArrayList<>(writes.size() + rest.size());
        effects.addAll(writes);
        effects.addAll(rest);
        writes.clear();
        rest.clear();
        return List.copyOf(effects);
    }
}
