package io.vpceni.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Which known name a misspelt one was meant to be.
///
/// Upper and lower case and underscores do not count, since `ENABLE_IPV4` and `WARM_IPTARGET` are misspelt names too.
/// What is left is compared by the restricted edit distance (Damerau-Levenshtein, no substring edited twice).
final class NameSuggestions {

    /// One edit in so many characters is a misspelling; more of them make another name.
    private static final int CHARACTERS_PER_EDIT = 6;

    private static final int EDITS_MAX = 2;

    private NameSuggestions() {}

    /// The known name nearest to the given one; empty when none is near, or when it is a known name itself.
    static Optional<String> nearest(String name, Collection<String> known) {
        if (known.contains(name)) {
            return Optional.empty();
        }
        String letters = letters(name);
        int editsMax = Math.min(EDITS_MAX, letters.length() / CHARACTERS_PER_EDIT);
        return known.stream()
                .filter(candidate -> Math.abs(letters(candidate).length() - letters.length()) <= editsMax)
                .filter(candidate -> edits(letters, letters(candidate)) <= editsMax)
                .min(Comparator.comparingInt((String candidate) -> edits(letters, letters(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String letters(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /// How many characters are put in, left out, replaced, or swapped with their neighbour to come from one to the
    /// other.
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int row = 0; row <= from.length(); row++) {
            for (int column = 0; column <= to.length(); column++) {
                edits[row][column] = row == 0 || column == 0 ? row + column : fewest(edits, from, row, to, column);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int fewest(int[][] edits, String from, int row, String to, int column) {
        char last = from.charAt(row - 1);
        char wanted = to.charAt(column - 1);
        int fewest = Math.min(
                Math.min(edits[row - 1][column], edits[row][column - 1]) + 1,
                edits[row - 1][column - 1] + (last == wanted ? 0 : 1));
        boolean swapped = row > 1 && column > 1 && last == to.charAt(column - 2) && from.charAt(row - 2) == wanted;
        return swapped ? Math.min(fewest, edits[row - 2][column - 2] + 1) : fewest;
    }
}
