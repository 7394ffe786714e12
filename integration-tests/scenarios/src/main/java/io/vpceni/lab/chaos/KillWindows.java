package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.ChurnCounts;
import io.vpceni.lab.ec2.CallLog;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The operations during which ipamd can be killed, and how often it was. Thread-safe.
final class KillWindows {
    static final String ADD = "in ADD";
    static final String DEL = "in DEL";
    static final String STARTING = "while it starts";
    static final String NOTHING = "in nothing";
    static final String IN_ALL = "in all";
    private static final String CALL = "in ";
    private static final long RARE = 3;

    private static final Set<String> COMMON = Set.of(ADD, DEL, CALL + "DescribeNetworkInterfaces");

    /// The windows that a killer waits for.
    static final List<String> GOALS = List.of(
            ADD,
            DEL,
            STARTING,
            NOTHING,
            CALL + "AssignPrivateIpAddresses",
            CALL + "UnassignPrivateIpAddresses",
            CALL + "CreateNetworkInterface",
            CALL + "AttachNetworkInterface",
            CALL + "ModifyNetworkInterfaceAttribute",
            CALL + "DetachNetworkInterface",
            CALL + "DeleteNetworkInterface",
            CALL + "DescribeNetworkInterfaces");

    private final CallLog log;
    private final SortedMap<String, Long> kills = new TreeMap<>(); // guarded by itself

    KillWindows(CallLog log) {
        this.log = log;
    }

    /// The windows that are open on the node now.
    SortedSet<String> open(String instanceId, ChurnCounts tally) {
        SortedSet<String> open = new TreeSet<>();
        if (tally.addsUnderWay() > 0) {
            open.add(ADD);
        }
        if (tally.delsUnderWay() > 0) {
            open.add(DEL);
        }
        for (CallLog.UnderWay call : log.underWay()) {
            if (call.caller().equals(instanceId)) {
                open.add(CALL + call.action());
            }
        }
        return open;
    }

    /// Whether one of them is a call with few kills so far, which may not open again soon.
    boolean isRare(SortedSet<String> open) {
        synchronized (kills) {
            return open.stream().anyMatch(window -> !COMMON.contains(window) && kills.getOrDefault(window, 0L) < RARE);
        }
    }

    /// A kill in several windows counts in each.
    void killed(SortedSet<String> open) {
        synchronized (kills) {
            for (String window : open.isEmpty() ? new TreeSet<>(List.of(NOTHING)) : open) {
                kills.merge(window, 1L, Long::sum);
            }
            kills.merge(IN_ALL, 1L, Long::sum);
        }
    }

    SortedMap<String, Long> kills() {
        synchronized (kills) {
            return new TreeMap<>(kills);
        }
    }
}
