package io.vpceni.lab.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A network namespace of the lab's, under the name that `ip netns` shows.
public record Namespace(String name) {
    static final Path DIRECTORY = Path.of("/run/netns");

    /// Where it can be entered: what a container runtime passes as `CNI_NETNS`.
    public Path path() {
        return DIRECTORY.resolve(name);
    }

    /// Carries out the lines, each an `ip` command without the word `ip`, and stops at the first that fails.
    public void ip(String batch) throws IOException {
        if (!batch.isBlank()) {
            Program.of("ip", "-n", name, "-batch", "-").withInput(batch).run();
        }
    }

    /// What `ip <arguments>` prints in the namespace.
    public String show(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        return Program.of(command).run();
    }

    /// Carries out the nftables commands in one transaction.
    public void nft(String text) throws IOException {
        program("nft", "-f", "-").withInput(text).run();
    }

    /// Writes settings, by their names below `/proc/sys`, in this order of names.
    public void sysctl(Map<String, String> settings) throws IOException {
        String script = settings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(setting -> "echo " + setting.getValue() + " >/proc/sys/" + setting.getKey() + "\n")
                .collect(Collectors.joining());
        program("sh", "-e", "-c", script).run();
    }

    /// The program, to be run in this namespace.
    public Program program(String... command) {
        return Program.of(inside(List.of(command)));
    }

    /// The words that run the command in this namespace. `nsenter` becomes the program, so the process id stays.
    public List<String> inside(List<String> command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path(), "--"));
        words.addAll(command);
        return List.copyOf(words);
    }

    /// Ids of the processes in it.
    List<Long> processes() throws IOException {
        return Program.of("ip", "netns", "pids", name)
                .run()
                .lines()
                .map(Long::parseLong)
                .toList();
    }
}
