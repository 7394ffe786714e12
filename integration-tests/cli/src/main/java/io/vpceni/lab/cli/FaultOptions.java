package io.vpceni.lab.cli;

import io.vpceni.ipamctl.print.UsageErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Which options each kind of fault needs and takes.
///
/// @param needs with what they are followed by
/// @param takes besides
record FaultOptions(List<String> needs, List<String> takes) {
    private static final SequencedMap<String, FaultOptions> BY_KIND = byKind();

    private static SequencedMap<String, FaultOptions> byKind() {
        FaultOptions nothing = new FaultOptions(List.of(), List.of());
        FaultOptions fixedTime = new FaultOptions(List.of("--time TIME"), List.of());
        FaultOptions span = new FaultOptions(List.of("--time TIME"), List.of("--to TIME"));
        SequencedMap<String, FaultOptions> all = new LinkedHashMap<>();
        all.put("refuse", new FaultOptions(List.of("--code CODE"), List.of()));
        all.put("slow", span);
        all.put("lose-request", nothing);
        all.put("lose-answer", nothing);
        all.put("partial", new FaultOptions(List.of("--percent N"), List.of()));
        all.put("lag", fixedTime);
        all.put("attach-delay", span);
        all.put("detach-delay", span);
        all.put("link-delay", span);
        all.put("other-client", new FaultOptions(List.of("--share X"), List.of()));
        all.put("imds-status", new FaultOptions(List.of("--status N"), List.of()));
        all.put("imds-timeout", fixedTime);
        all.put("imds-down", nothing);
        all.put("imds-lag", fixedTime);
        all.put("imds-stale", nothing);
        return all;
    }

    static List<String> kinds() {
        return List.copyOf(BY_KIND.keySet());
    }

    /// `slow --time TIME [--to TIME]`, for the help.
    static List<String> lines() {
        return BY_KIND.entrySet().stream()
                .map(kind -> (kind.getKey() + " " + kind.getValue()).strip())
                .toList();
    }

    @Override
    public String toString() {
        return String.join(
                " ",
                Stream.concat(needs.stream(), takes.stream().map(option -> "[" + option + "]"))
                        .toList());
    }

    /// @param given names of options
    /// @throws ParameterException naming the options, where one is missing or is not this fault's
    static void refuse(CommandLine command, String fault, SortedSet<String> given) {
        FaultOptions options = BY_KIND.get(fault);
        if (options == null) {
            throw new ParameterException(
                    command,
                    UsageErrors.nearest(fault, kinds())
                            .map(near -> "no fault '" + fault + "': did you mean " + near + "?")
                            .orElse("no fault '" + fault + "': there are " + String.join(", ", kinds())));
        }
        for (String needed : options.needs()) {
            if (!given.contains(name(needed))) {
                throw new ParameterException(command, "fault " + fault + " needs " + needed);
            }
        }
        List<String> known = new ArrayList<>(options.needs());
        known.addAll(options.takes());
        for (String option : given) {
            if (known.stream().noneMatch(one -> name(one).equals(option))) {
                throw new ParameterException(
                        command,
                        "fault " + fault + " does not take " + option
                                + (known.isEmpty() ? "" : ", only " + String.join(", ", known)));
            }
        }
    }

    private static String name(String option) {
        return option.split(" ", 2)[0];
    }
}
