package io.vpceni.lab.chaos;

import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.ec2.fault.FaultRule;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Counts the nodes' EC2 calls, reading the call log often enough that it drops none. For one thread.
final class NodeCalls {
    private final CallLog log;
    private final SortedMap<String, List<Long>> byAction = new TreeMap<>();
    private final SortedMap<String, Long> refusals = new TreeMap<>();
    private long seen;

    /// Starts counting.
    NodeCalls(CallLog log) {
        this.log = log;
        this.seen = log.lastNumber();
    }

    /// Reads the calls since the last time.
    void read() {
        for (CallLog.Call call : log.after(seen)) {
            seen = call.number();
            if (!call.caller().equals(FaultRule.ADMINISTRATOR)) {
                count(call);
            }
        }
    }

    private void count(CallLog.Call call) {
        boolean refused = !call.isOk() && !call.outcome().equals(CallLog.Call.NOT_DONE);
        List<Long> one = List.of(1L, refused ? 1L : 0L, call.answered() ? 0L : 1L);
        byAction.merge(
                call.action(),
                one,
                (old, more) -> List.of(old.get(0) + more.get(0), old.get(1) + more.get(1), old.get(2) + more.get(2)));
        if (refused) {
            refusals.merge(call.action() + ": " + call.outcome(), 1L, Long::sum);
        }
    }

    /// By action: all, refused, and those that got no answer.
    SortedMap<String, List<Long>> byAction() {
        return new TreeMap<>(byAction);
    }

    /// By action and error code.
    SortedMap<String, Long> refusals() {
        return new TreeMap<>(refusals);
    }
}
