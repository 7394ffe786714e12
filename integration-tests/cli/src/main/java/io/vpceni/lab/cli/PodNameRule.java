package io.vpceni.lab.cli;

import java.util.regex.Pattern;

/// The rule for a pod's name in Kubernetes: a DNS subdomain (RFC 1123).
final class PodNameRule {
    private static final int LETTERS_MAX = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    private PodNameRule() {}

    static boolean isOne(String name) {
        return name.length() <= LETTERS_MAX
                && Pattern.compile("\\.")
                        .splitAsStream(name + ".x")
                        .allMatch(label -> LABEL.matcher(label).matches());
    }

    static String rule(String name) {
        return "'" + name + "' cannot name a pod in Kubernetes: want at most " + LETTERS_MAX
                + " lower-case letters, digits, '-' and '.', with a letter or digit at the beginning and end and on both"
                + " sides of each '.'";
    }
}
