package io.vpceni.lab.simulate.node;

import io.vpceni.config.AttachmentKey;
import io.vpceni.lab.simulate.check.AddRecords;
import io.vpceni.lab.simulate.context.RunContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// ADDs and DELs that were sent and have not arrived yet.
final class LateRequests {
    /// Who takes them when they arrive.
    interface Receiver {
        void add(long ticket, AttachmentKey key);

        void del(AttachmentKey key);
    }

    /// An ADD that waits in a socket.
    ///
    /// @param began when its plugin did
    private record LateAdd(long ticket, AttachmentKey key, Instant began, Instant arrives) {}

    private final RunContext run;
    private final List<LateAdd> adds = new ArrayList<>();

    /// When the DELs of some of them are sent.
    private final Map<AttachmentKey, Instant> dels = new LinkedHashMap<>();

    LateRequests(RunContext run) {
        this.run = run;
    }

    /// An ADD whose plugin begins now. Mostly its runtime gives it up and sends its DEL before it arrives.
    void add(long ticket, AttachmentKey key, int millis) {
        adds.add(new LateAdd(ticket, key, run.now(), run.now().plusMillis(millis)));
        if (run.choices().of(4) > 0) {
            dels.put(key, run.now().plusMillis(run.choices().of(millis)));
        }
    }

    /// When the next one arrives.
    Instant next() {
        Instant next = Instant.MAX;
        for (LateAdd add : adds) {
            next = add.arrives().isBefore(next) ? add.arrives() : next;
        }
        for (Instant del : dels.values()) {
            next = del.isBefore(next) ? del : next;
        }
        return next;
    }

    /// Those that arrive now. What came while ipamd was away waited for it, but no longer than plugins live.
    void arrive(Receiver receiver) {
        for (AttachmentKey key : List.copyOf(dels.keySet())) {
            if (!dels.getOrDefault(key, Instant.MAX).isAfter(run.now())) {
                dels.remove(key);
                receiver.del(key);
            }
        }
        for (LateAdd add : List.copyOf(adds)) {
            boolean arrives = !add.arrives().isAfter(run.now()) && adds.remove(add);
            if (arrives && run.now().isBefore(add.began().plus(AddRecords.REQUEST_LIVES))) {
                receiver.add(add.ticket(), add.key());
            }
        }
    }
}
