package io.vpceni.lab.demo;

import io.vpceni.lab.ec2.CallLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// All that a demo showed, for its page and its JUnit report.
///
/// @param title what was put up, in a few words
/// @param began when the demo began
/// @param nodes empty where nothing could be put up
/// @param pairs pods that asked one another, in the order in which they did
/// @param calls what the embedded EC2 was asked, in the order of its answers; empty for another EC2
record DemoRecord(
        String title,
        Instant began,
        Duration took,
        List<Checks.Outcome> checks,
        List<RecordedNode> nodes,
        List<Pod> pods,
        List<Pair> pairs,
        List<CallLog.Call> calls) {
    DemoRecord {
        checks = List.copyOf(checks);
        nodes = List.copyOf(nodes);
        pods = List.copyOf(pods);
        pairs = List.copyOf(pairs);
        calls = List.copyOf(calls);
    }

    /// A node with what EC2 says is attached to it.
    record RecordedNode(String name, String instanceId, List<RecordedEni> enis) {
        RecordedNode {
            enis = List.copyOf(enis);
        }
    }

    /// @param addresses the ENI's own first
    record RecordedEni(String id, int deviceIndex, List<String> addresses) {
        RecordedEni {
            addresses = List.copyOf(addresses);
        }
    }

    /// A pod as the table of the demo shows it.
    ///
    /// @param addMillis from the start of the plugin to its end
    record Pod(String name, String node, String address, String eni, int deviceIndex, double addMillis) {}

    /// One pod asked another.
    ///
    /// @param trouble why it was not answered as it should; empty when it was
    record Pair(String from, String to, String trouble) {
        boolean isHeard() {
            return trouble.isEmpty();
        }
    }

    long passed() {
        return checks.stream().filter(Checks.Outcome::passed).count();
    }

    long failed() {
        return checks.size() - passed();
    }
}
