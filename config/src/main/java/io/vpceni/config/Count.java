package io.vpceni.config;

/// A number with its noun.
public final class Count {
    private Count() {}

    /// `1 pod`, `2 pods`; for nouns that take an s.
    public static String of(long number, String noun) {
        return of(number, noun, noun + "s");
    }

    /// `1 entry`, `2 entries`.
    public static String of(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
