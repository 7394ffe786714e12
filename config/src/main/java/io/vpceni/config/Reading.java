package io.vpceni.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads the environment once and collects every problem.
final class Reading {

    /// Prefix of this product's variables: an unknown one is an error. An unknown variable of the AWS VPC CNI
    /// cannot be told from another program's, so only one that resembles a known name gives a warning.
    private static final String OUR_PREFIX = "VPC_ENI_";

    /// Variables that Kubernetes sets in containers for a service called `vpc-eni-...`. They are not settings.
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)");

    /// Longer values are cut in messages.
    private static final int SHOWN_CHARS_MAX = 120;

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reading(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
    }

    /// The variable's value, or its default when it is unset or wrong. A wrong value is recorded as a problem.
    <T> T value(Variable<T> variable) {
        T fallback = variable.parse()
                .apply(variable.fallback())
                .orElseThrow(() -> new IllegalStateException("default of " + variable.name()));
        return value(variable, fallback);
    }

    /// As [#value(Variable)], for a default that depends on another variable.
    <T> T value(Variable<T> variable, T fallback) {
        String text = text(variable.name());
        if (text.isEmpty()) {
            return fallback;
        }
        return variable.parse().apply(text).orElseGet(() -> {
            problem(variable.name(), "want " + variable.allowed());
            return fallback;
        });
    }

    void problem(String name, String complaint) {
        problems.add(name + "='" + shown(text(name)) + "': " + complaint);
    }

    /// Like [#problem], for a variable that may hold a secret (a URL with a password, an access key): the
    /// value is not shown.
    void secretProblem(String name, String complaint) {
        problems.add(name + ": " + complaint);
    }

    void refuseUnsupportedModes() {
        for (UnsupportedMode mode : AwsVariables.UNSUPPORTED) {
            String text = text(mode.name());
            if (!text.isEmpty() && !mode.isOff(text)) {
                problem(mode.name(), "not supported by this version: want " + mode.off());
            }
        }
        if (text("NETWORK_POLICY_ENFORCING_MODE").equalsIgnoreCase("strict")) {
            problem("NETWORK_POLICY_ENFORCING_MODE", "not supported by this version: want none or standard");
        }
    }

    void refuseUnknownSettings() {
        Set<String> known = Variables.USED.stream().map(Variable::name).collect(Collectors.toUnmodifiableSet());
        for (String name : environment.keySet()) {
            if (name.startsWith(OUR_PREFIX)
                    && !known.contains(name)
                    && !SERVICE_LINK.matcher(name).matches()) {
                problem(name, "unknown setting" + didYouMean(name, known));
            }
        }
    }

    /// Variables that are set and have no effect: one line for all known variables that are not used, and one
    /// line for each name that looks misspelt.
    List<String> warnings() {
        return Stream.concat(inVain().stream(), misspelt()).toList();
    }

    private Stream<String> misspelt() {
        List<String> known = knownNames();
        return environment.keySet().stream()
                .filter(name -> !name.startsWith(OUR_PREFIX)) // an unknown one is a problem anyway
                .filter(name -> !text(name).isEmpty())
                .filter(name -> !AwsVariables.OF_ITS_DAEMON_SET.contains(name))
                .filter(name -> !SERVICE_LINK.matcher(name).matches())
                .flatMap(name -> NameSuggestions.nearest(name, known).stream()
                        .map(meant -> name + "='" + shown(text(name))
                                + "' is no setting and has no effect: did you mean " + meant + "?"));
    }

    private static List<String> knownNames() {
        return Stream.of(
                        Variables.USED.stream().map(Variable::name),
                        AwsVariables.UNSUPPORTED.stream().map(UnsupportedMode::name),
                        AwsVariables.UNUSED.stream().map(UnusedVariable::name))
                .flatMap(names -> names)
                .toList();
    }

    private static String didYouMean(String name, Set<String> known) {
        return NameSuggestions.nearest(name, known)
                .map(meant -> ": did you mean " + meant + "?")
                .orElse("");
    }

    private List<String> inVain() {
        List<String> inVain = AwsVariables.UNUSED.stream()
                .filter(variable -> !text(variable.name()).isEmpty())
                .filter(variable -> !variable.silent().contains(text(variable.name())))
                .map(UnusedVariable::name)
                .toList();
        return inVain.isEmpty()
                ? List.of()
                : List.of("Settings of the AWS VPC CNI that have no effect in this version: "
                        + String.join(", ", inVain));
    }

    void throwIfAnyProblem() throws SettingsException {
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /// "" counts as unset.
    String text(String name) {
        return environment.getOrDefault(name, "");
    }

    private static String shown(String text) {
        String oneLine = text.replaceAll("\\p{Cntrl}", "?");
        return oneLine.length() <= SHOWN_CHARS_MAX ? oneLine : oneLine.substring(0, SHOWN_CHARS_MAX) + "...";
    }
}
