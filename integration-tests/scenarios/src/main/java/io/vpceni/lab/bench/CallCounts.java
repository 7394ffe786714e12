package io.vpceni.lab.bench;

import io.vpceni.lab.ec2.CallLog;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Calls to EC2, counted.
final class CallCounts {
    private CallCounts() {}

    static SortedMap<String, Long> byName(List<CallLog.Call> calls) {
        SortedMap<String, Long> byName = new TreeMap<>();
        calls.forEach(call -> byName.merge(call.action(), 1L, Long::sum));
        return byName;
    }
}
