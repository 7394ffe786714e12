package io.vpceni.lab.ec2;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Records the calls: the last ten thousand one by one, and totals of all. Thread-safe.
public final class CallLog {
    private static final int CALLS_MAX = 10_000;
    static final String THROTTLED = "RequestLimitExceeded";

    /// A call that is over.
    ///
    /// @param number from 1, in the order in which the calls ended
    /// @param at when it came in
    /// @param caller `administrator`, the id of an instance, or `unknown`
    /// @param callerName the instance's tag `Name`, empty for none
    /// @param action empty if the request names none
    /// @param about the id of what the request is about, empty for none
    /// @param outcome [#OK], [#NOT_DONE] or EC2's error code
    /// @param answered whether the caller got an answer; `false`: the connection died
    /// @param took from the request to its end
    /// @param faults names of the rules that hit it
    public record Call(
            long number,
            Instant at,
            String caller,
            String callerName,
            String action,
            String about,
            String outcome,
            boolean answered,
            Duration took,
            List<String> faults) {
        public static final String OK = "ok";

        /// The request was lost.
        public static final String NOT_DONE = "not-done";

        public Call {
            faults = List.copyOf(faults);
        }

        public boolean isOk() {
            return outcome.equals(OK);
        }
    }

    /// A call that is not over.
    ///
    /// @param caller and `callerName` as in [Call]
    public record UnderWay(Instant at, String caller, String callerName, String action) {}

    /// All calls of one action since the log was begun.
    ///
    /// @param throttled of the `refused`: with RequestLimitExceeded
    /// @param unanswered calls whose caller got no answer, done or not
    public record ActionTotals(
            long calls, long ok, long refused, long throttled, long unanswered, Duration tookTotal, Duration tookMax) {
        static final ActionTotals NONE = new ActionTotals(0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

        /// Zero without calls.
        public Duration tookMean() {
            return calls == 0 ? Duration.ZERO : tookTotal.dividedBy(calls);
        }

        private ActionTotals with(Call call) {
            boolean refusal = !call.isOk() && !call.outcome().equals(Call.NOT_DONE);
            return new ActionTotals(
                    calls + 1,
                    ok + (call.isOk() ? 1 : 0),
                    refused + (refusal ? 1 : 0),
                    throttled + (call.outcome().equals(THROTTLED) ? 1 : 0),
                    unanswered + (call.answered() ? 0 : 1),
                    tookTotal.plus(call.took()),
                    tookMax.compareTo(call.took()) < 0 ? call.took() : tookMax);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Deque<Call> calls = new ArrayDeque<>();
    private final SortedMap<String, ActionTotals> totals = new TreeMap<>();
    private final SortedMap<Long, UnderWay> underWay = new TreeMap<>();
    private long number;
    private long begun;

    void add(Call call) {
        locked(() -> {
            number++;
            Call numbered = new Call(
                    number,
                    call.at(),
                    call.caller(),
                    call.callerName(),
                    call.action(),
                    call.about(),
                    call.outcome(),
                    call.answered(),
                    call.took(),
                    call.faults());
            calls.addLast(numbered);
            if (calls.size() > CALLS_MAX) {
                calls.removeFirst();
            }
            totals.merge(call.action(), ActionTotals.NONE.with(call), (old, one) -> old.with(call));
            return number;
        });
    }

    /// @return called with the outcome
    long begins(UnderWay call) {
        return locked(() -> {
            begun++;
            underWay.put(begun, call);
            return begun;
        });
    }

    void ends(long one) {
        locked(() -> underWay.remove(one) != null);
    }

    /// The calls that came in and are not over, in the order in which they came.
    public List<UnderWay> underWay() {
        return locked(() -> List.copyOf(underWay.values()));
    }

    /// Those that came in at `then` or later, as far as they are kept, in the order in which they ended.
    public List<Call> since(Instant then) {
        return locked(
                () -> calls.stream().filter(call -> !call.at().isBefore(then)).toList());
    }

    /// Those with a higher number, as far as they are kept.
    public List<Call> after(long earlier) {
        return locked(
                () -> calls.stream().filter(call -> call.number() > earlier).toList());
    }

    public List<Call> all() {
        return after(0);
    }

    /// The number of the last call, 0 for none.
    public long lastNumber() {
        return locked(() -> number);
    }

    /// By action, of all calls since the start or the last [#clear].
    public SortedMap<String, ActionTotals> totals() {
        return locked(() -> Collections.unmodifiableSortedMap(new TreeMap<>(totals)));
    }

    /// The totals of some calls.
    public static SortedMap<String, ActionTotals> totals(List<Call> calls) {
        SortedMap<String, ActionTotals> totals = new TreeMap<>();
        calls.forEach(call -> totals.merge(call.action(), ActionTotals.NONE.with(call), (old, one) -> old.with(call)));
        return totals;
    }

    /// Deletes calls and totals; the numbers continue.
    public void clear() {
        locked(() -> {
            calls.clear();
            totals.clear();
            return number;
        });
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
