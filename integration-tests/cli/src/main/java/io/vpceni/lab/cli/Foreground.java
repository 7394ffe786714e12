package io.vpceni.lab.cli;

import io.vpceni.lab.machine.Namespace;
import java.io.IOException;
import java.util.List;

/// A program in a namespace, with this process's own terminal.
final class Foreground {
    private Foreground() {}

    /// In the namespace that we are in. Returns its exit status.
    static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /// Returns its exit status.
    static int run(String namespace, List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(new Namespace(namespace).inside(command))
                .inheritIO()
                .start()
                .waitFor();
    }
}
