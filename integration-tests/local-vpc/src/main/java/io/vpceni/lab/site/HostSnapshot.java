package io.vpceni.lab.site;

import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Everything on the machine that a lab could have left behind, by kind: namespaces, links, rules, routes, nftables,
/// mounts, processes and files.
///
/// @param views the output of one command each, lines sorted
public record HostSnapshot(SequencedMap<String, List<String>> views) {
    private static final Pattern CARRIER = Pattern.compile("(?<=[<,])NO-CARRIER,| state [A-Z]+| linkdown(?= |$)");

    private static final Set<String> OWN = Set.of("namespaces", "mounts", "processes", "files");

    /// Takes a snapshot.
    ///
    /// @param lab only processes and files of that lab count; others may change
    public static HostSnapshot look(String lab) throws IOException {
        SequencedMap<String, List<String>> views = new LinkedHashMap<>();
        views.put(
                "namespaces",
                lines("ip", "netns", "list").stream()
                        .map(line -> line.split(" ", 2)[0])
                        .filter(name -> name.startsWith("vpl-" + lab + "-"))
                        .toList());
        views.put("links", withoutCarrier(lines("ip", "-o", "link", "show")));
        views.put("rules", lines("ip", "rule", "show"));
        views.put("routes", withoutCarrier(lines("ip", "route", "show", "table", "all")));
        views.put("nft", lines("nft", "list", "ruleset"));
        views.put(
                "mounts",
                Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                        .filter(line -> line.contains("vpl-" + lab + "-") || line.contains(directory(lab)))
                        .toList());
        views.put("processes", processes(directory(lab)));
        views.put("files", files(lab));
        return new HostSnapshot(views);
    }

    /// The differences in both directions; empty when nothing has changed.
    public List<String> differencesTo(HostSnapshot before) {
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, List<String>> view : views.entrySet()) {
            List<String> was = before.views().getOrDefault(view.getKey(), List.of());
            view.getValue().stream()
                    .filter(line -> !was.contains(line))
                    .forEach(line -> differences.add(view.getKey() + ": left " + line));
            was.stream()
                    .filter(line -> !view.getValue().contains(line))
                    .forEach(line -> differences.add(view.getKey() + ": gone " + line));
        }
        return differences;
    }

    /// Those of [#differencesTo] that only the lab can have made, for machines on which other programs change
    /// links, rules, routes and tables.
    public List<String> ownDifferencesTo(HostSnapshot before) {
        return differencesTo(before).stream()
                .filter(difference -> OWN.contains(difference.substring(0, difference.indexOf(':'))))
                .toList();
    }

    /// The same without carrier states: another program's bridge loses its carrier with its last port.
    static List<String> withoutCarrier(List<String> lines) {
        return lines.stream().map(line -> CARRIER.matcher(line).replaceAll("")).toList();
    }

    private static String directory(String lab) {
        return LabResources.ROOT.resolve(lab) + "/";
    }

    private static List<String> lines(String... command) throws IOException {
        return Program.of(command).run().lines().map(String::stripTrailing).toList();
    }

    /// A process of the lab's has the lab's directory in its command line or its environment.
    private static List<String> processes(String mark) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.filter(
                            path -> path.getFileName().toString().matches("[0-9]+"))
                    .sorted()
                    .toList()) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (pid != ProcessHandle.current().pid()
                        && (readOrNothing(entry.resolve("cmdline")).contains(mark)
                                || readOrNothing(entry.resolve("environ")).contains(mark))) {
                    found.add(pid + " " + readOrNothing(entry.resolve("comm")).strip());
                }
            }
        }
        return found;
    }

    private static String readOrNothing(Path path) {
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return ""; // the process has ended
        }
    }

    private static List<String> files(String lab) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path path : List.of(Path.of("/var/lib/vpc-eni"), Path.of("/run/vpc-eni"), Path.of("/host"))) {
            if (Files.exists(path)) {
                found.add(path.toString());
            }
        }
        if (Files.isDirectory(LabResources.ROOT)) {
            String ofThisProcess = "-" + ProcessHandle.current().pid() + "-";
            try (Stream<Path> entries = Files.list(LabResources.ROOT)) {
                entries.filter(path -> path.getFileName().toString().equals(lab)
                                || path.getFileName().toString().contains(ofThisProcess))
                        .sorted()
                        .forEach(path -> found.add(path.toString()));
            }
        }
        return found;
    }
}
