package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.lab.simulate.context.Choices;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The sandboxes that the runtime has, and the keys of the last ones that went.
final class SimSandboxes {
    private static final int GONE_KEPT = 16;

    private final Choices choices;

    /// In no order: the place of one that goes is taken by the last.
    private final List<SimSandbox> all = new ArrayList<>();

    private final Map<AttachmentKey, SimSandbox> byKey = new HashMap<>();
    private final Deque<AttachmentKey> gone = new ArrayDeque<>();

    SimSandboxes(Choices choices) {
        this.choices = choices;
    }

    int count() {
        return all.size();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    List<SimSandbox> list() {
        return all;
    }

    @Nullable
    SimSandbox get(@Nullable AttachmentKey key) {
        return byKey.get(key);
    }

    Optional<SimSandbox> find(AttachmentKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    boolean has(AttachmentKey key) {
        return byKey.containsKey(key);
    }

    /// Any of them; there must be one.
    SimSandbox any() {
        return all.get(choices.of(all.size()));
    }

    SimSandbox findOrAdd(AttachmentKey key, PodName pod) {
        SimSandbox sandbox = byKey.get(key);
        if (sandbox == null) {
            sandbox = new SimSandbox(key, pod);
            sandbox.place = all.size();
            all.add(sandbox);
            byKey.put(key, sandbox);
        }
        return sandbox;
    }

    /// Whether or not there is one with that key: it counts as gone from now on.
    void remove(AttachmentKey key) {
        SimSandbox sandbox = byKey.remove(key);
        if (sandbox != null) {
            SimSandbox last = all.removeLast();
            if (last != sandbox) {
                all.set(sandbox.place, last);
                last.place = sandbox.place;
            }
        }
        gone.remove(key);
        gone.addLast(key);
        if (gone.size() > GONE_KEPT) {
            gone.removeFirst();
        }
    }

    /// Any of the last ones that went.
    Optional<AttachmentKey> anyGone() {
        return gone.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(gone).get(choices.of(gone.size())));
    }
}
