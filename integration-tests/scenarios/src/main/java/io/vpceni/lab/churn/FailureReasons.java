package io.vpceni.lab.churn;

import io.vpceni.lab.node.RuntimeCniFailure;

/// Why an ADD failed, in words that are the same for all pods with that reason.
final class FailureReasons {
    private static final int LENGTH_MAX = 110;

    private FailureReasons() {}

    static String of(RuntimeCniFailure failure) {
        String text = String.valueOf(failure.getMessage());
        int code = text.indexOf("failed with code ");
        String reason = (code < 0 ? text : text.substring(code + "failed with ".length()))
                .replaceAll("\\b(eni|i|subnet|vpc)-[0-9a-f]{8,}", "$1-...")
                .replaceAll("\\b[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]+)?", "<address>")
                .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "<time>")
                .replaceAll("[0-9]+(\\.[0-9]+)? ?(ms|s)\\b", "<time>")
                .replaceAll("/[^ ]*/([^/ ]+)", "$1")
                .replaceAll("\\s+", " ");
        return reason.length() <= LENGTH_MAX ? reason : reason.substring(0, LENGTH_MAX) + "...";
    }
}
