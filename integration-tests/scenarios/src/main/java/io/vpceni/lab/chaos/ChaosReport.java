package io.vpceni.lab.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The report of a chaos run. All counts are for all nodes together.
///
/// @param podsExcused pods without an answer because their address was unassigned by hand
/// @param addsFailed ADDs that were told to try again, by reason
/// @param longestWaitMillis until a pod had an address
/// @param scenarios seconds of each fault scenario
/// @param faults how often each kind happened
/// @param byHand out-of-band changes
/// @param kills by the window in which ipamd was killed; one kill may be in several
/// @param looks how often all sides were compared while pods came and went
/// @param addressesSeen of pods, in those comparisons
/// @param calls to EC2 by the nodes: all, refused, and those that got no answer
/// @param refusals of those calls, by action and error code
/// @param left objects that were too many or too few at the end: all must be 0
/// @param echoes between pods that stay
/// @param findings the first violations
public record ChaosReport(
        long seed,
        int nodes,
        long seconds,
        long podsAdded,
        long podsDeleted,
        int podsStayed,
        long podsExcused,
        SortedMap<String, Long> addsFailed,
        long longestWaitMillis,
        long slowestAddMillis,
        SortedMap<String, Long> scenarios,
        SortedMap<String, Long> faults,
        SortedMap<String, Long> byHand,
        SortedMap<String, Long> kills,
        int looks,
        int addressesSeen,
        SortedMap<String, List<Long>> calls,
        SortedMap<String, Long> refusals,
        SortedMap<String, Integer> left,
        long echoes,
        long longestEchoMillis,
        List<String> findings) {
    public ChaosReport {
        addsFailed = new TreeMap<>(addsFailed);
        scenarios = new TreeMap<>(scenarios);
        faults = new TreeMap<>(faults);
        byHand = new TreeMap<>(byHand);
        kills = new TreeMap<>(kills);
        calls = new TreeMap<>(calls);
        refusals = new TreeMap<>(refusals);
        left = new TreeMap<>(left);
        findings = List.copyOf(findings);
    }

    /// The same, with what the lab left on the machine.
    ChaosReport withLeftOnMachine(List<String> differences) {
        SortedMap<String, Integer> more = new TreeMap<>(left);
        more.put("things on this machine", differences.size());
        List<String> found = new ArrayList<>(findings);
        differences.forEach(difference -> found.add("left behind: " + difference));
        return new ChaosReport(
                seed,
                nodes,
                seconds,
                podsAdded,
                podsDeleted,
                podsStayed,
                podsExcused,
                addsFailed,
                longestWaitMillis,
                slowestAddMillis,
                scenarios,
                faults,
                byHand,
                kills,
                looks,
                addressesSeen,
                calls,
                refusals,
                more,
                echoes,
                longestEchoMillis,
                found);
    }

    /// Whether nothing was lost, left or found.
    public boolean isClean() {
        return findings.isEmpty() && left.values().stream().allMatch(count -> count == 0);
    }

    public void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }

    /// For people.
    public String table() {
        StringBuilder out = new StringBuilder();
        line(out, "seed " + seed + ", nodes", nodes);
        line(out, "seconds of chaos", seconds);
        line(out, "pods added", podsAdded);
        line(out, "pods deleted", podsDeleted);
        line(out, "pods that stayed and talked", podsStayed);
        line(out, "echoes between them", echoes);
        line(out, "longest echo, ms", longestEchoMillis);
        line(out, "longest wait of a pod for its address, ms", longestWaitMillis);
        line(out, "slowest ADD that succeeded, ms", slowestAddMillis);
        group(out, "ADDs that were told to try again", addsFailed);
        group(out, "seconds of each fault scenario", scenarios);
        group(out, "faults that happened", faults);
        group(out, "done by hand", byHand);
        line(out, "pods not heard on an address taken by hand", podsExcused);
        group(out, "kill -9 of ipamd", kills);
        out.append(
                String.format(Locale.ROOT, "%n  %-50s %8s %8s %8s%n", "calls to EC2", "all", "refused", "no answer"));
        calls.forEach((action, of) -> out.append(
                String.format(Locale.ROOT, "    %-48s %8d %8d %8d%n", action, of.get(0), of.get(1), of.get(2))));
        group(out, "refusals", refusals);
        line(out, "looks at all sides meanwhile", looks);
        line(out, "addresses of pods compared in them", addressesSeen);
        group(out, "left or missing in the end", left);
        findings.forEach(finding -> out.append("  FOUND  ").append(finding).append('\n'));
        return out.toString();
    }

    private static void group(StringBuilder out, String what, SortedMap<String, ? extends Number> counts) {
        line(
                out,
                what,
                counts.containsKey(KillWindows.IN_ALL)
                        ? counts.get(KillWindows.IN_ALL).longValue()
                        : sum(counts));
        for (Map.Entry<String, ? extends Number> count : counts.entrySet()) {
            if (!count.getKey().equals(KillWindows.IN_ALL)) {
                out.append(String.format(
                        Locale.ROOT, "    %8d  %s%n", count.getValue().longValue(), count.getKey()));
            }
        }
    }

    private static long sum(SortedMap<String, ? extends Number> counts) {
        return counts.values().stream().mapToLong(Number::longValue).sum();
    }

    private static void line(StringBuilder out, String what, long value) {
        out.append(String.format(Locale.ROOT, "  %-50s %8d%n", what, value));
    }
}
