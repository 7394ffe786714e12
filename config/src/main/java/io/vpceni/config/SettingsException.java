package io.vpceni.config;

import java.util.List;

/// The environment has invalid settings. It lists all problems, so that the operator can correct all of them at
/// once.
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /// @param problems at least one, each as `NAME='value': want ...`
    public SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /// Each problem as `NAME='value': want ...`, in the order of the table in docs/settings.md.
    public List<String> problems() {
        return problems;
    }
}
