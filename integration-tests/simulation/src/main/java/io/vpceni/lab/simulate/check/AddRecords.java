package io.vpceni.lab.simulate.check;

import io.vpceni.config.AttachmentKey;
import io.vpceni.pool.AssignResult;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// The checker's records of ADDs that wait for an answer, and of DELs.
public final class AddRecords {
    /// A runtime ends a plugin after that time: an ADD that is older than a DEL may come as long after it.
    public static final Duration REQUEST_LIVES = Duration.ofMinutes(2);

    private static final int WAITING_MANY = 500;

    /// @param overtaken whether a DEL of the key came first that was sent later
    public record OpenAdd(long ticket, AttachmentKey key, Instant deadline, boolean overtaken) {}

    private final Map<Long, OpenAdd> open = new LinkedHashMap<>();
    private final PriorityQueue<OpenAdd> byDeadline =
            new PriorityQueue<>((a, b) -> a.deadline().compareTo(b.deadline()));
    private final Map<AttachmentKey, Instant> buried = new HashMap<>();
    private final Map<AttachmentKey, Long> buriedTicket = new HashMap<>();

    /// What the disk has of them.
    private final Map<AttachmentKey, Long> durable = new HashMap<>();

    private final Set<AttachmentKey> releasing = new HashSet<>();

    public void asked(long ticket, AttachmentKey key, Instant deadline, Instant now) {
        Instant until = buried.get(key);
        boolean overtaken = until != null && now.isBefore(until) && ticket < buriedTicket.getOrDefault(key, 0L);
        OpenAdd add = new OpenAdd(ticket, key, deadline, overtaken);
        open.put(ticket, add);
        byDeadline.add(add);
    }

    public int count() {
        return open.size();
    }

    /// @param excused whether an early refusal has a reason that the world knows of
    /// @return the ADD
    public OpenAdd answered(long ticket, AssignResult result, Instant now, boolean excused) {
        OpenAdd add = open.get(ticket);
        if (add == null) {
            throw new Violation(Invariant.PROGRESS, "ticket " + ticket + " is answered and nobody waits: " + result);
        }
        switch (result) {
            case AssignResult.Assigned _ -> requireFirst(add);
            case AssignResult.AlreadyAssigned _, AssignResult.Cancelled _ -> {}
            case AssignResult.NoAddress(String reason, boolean _) -> {
                boolean early = now.isBefore(add.deadline());
                if (early && !excused && !releasing.contains(add.key()) && open.size() < WAITING_MANY) {
                    throw new Violation(
                            Invariant.PROGRESS, add.key().containerId() + " is refused before its deadline: " + reason);
                }
            }
        }
        if (add.overtaken() && !(result instanceof AssignResult.Cancelled)) {
            throw new Violation(
                    Invariant.NOTHING_LEAKS,
                    "the ADD of " + add.key().containerId() + " was overtaken by its DEL and is answered " + result);
        }
        open.remove(ticket);
        byDeadline.remove(add);
        return add;
    }

    private void requireFirst(OpenAdd add) {
        OpenAdd first = open.values().iterator().next();
        if (!first.key().equals(add.key())) {
            throw new Violation(
                    Invariant.PROGRESS,
                    add.key().containerId() + " is served while " + first.key().containerId() + " came first");
        }
    }

    public void delBegan(long ticket, AttachmentKey key, Instant now) {
        buried.put(key, now.plus(REQUEST_LIVES));
        buriedTicket.put(key, ticket);
        if (buried.size() > 2000) {
            buried.values().removeIf(until -> until.isBefore(now));
            buriedTicket.keySet().retainAll(buried.keySet());
            durable.keySet().retainAll(buried.keySet());
        }
        for (OpenAdd add : open.values()) {
            if (add.key().equals(key)) {
                throw new Violation(
                        Invariant.NOTHING_LEAKS, "a DEL of " + key.containerId() + " leaves its ADD waiting");
            }
        }
    }

    /// The disk has that DEL.
    public void durable(AttachmentKey key, long ticket) {
        durable.merge(key, ticket, Math::max);
    }

    public void releasing(AttachmentKey key) {
        releasing.add(key);
    }

    public void released(AttachmentKey key) {
        releasing.remove(key);
    }

    /// A message was handled at that time.
    public void handled(Instant now) {
        OpenAdd next = byDeadline.peek();
        if (next != null && !now.isBefore(next.deadline())) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "the ADD of " + next.key().containerId() + " still waits "
                            + Duration.between(next.deadline(), now).toMillis() + " ms after its deadline");
        }
    }

    /// A DEL succeeds on a full disk, too, and is then forgotten with that life of ipamd.
    public void crashed() {
        open.clear();
        byDeadline.clear();
        releasing.clear();
        buried.keySet().removeIf(key -> durable.getOrDefault(key, 0L) < buriedTicket.getOrDefault(key, 0L));
    }
}
