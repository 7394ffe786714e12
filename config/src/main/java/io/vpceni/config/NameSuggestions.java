package io.vpceni.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Which known name a misspelt one was meant to be.
///
/// Upper and lower case and underscores do not count, since `ENABLE_IPV4` and `WARM_IPTARGET` are misspelt names too.
/// What is left is compared by its [EditDistance].
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
                .filter(candidate -> EditDistance.between(letters, letters(candidate)) <= editsMax)
                .min(Comparator.comparingInt((String candidate) -> EditDistance.between(letters, letters(candidate)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String letters(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
