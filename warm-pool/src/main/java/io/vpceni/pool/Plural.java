package io.vpceni.pool;

/// A number with its noun.
final class Plural {

    private Plural() {}

    static String of(long count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
