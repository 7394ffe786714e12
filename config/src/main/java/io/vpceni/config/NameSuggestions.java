package io.vpceni.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Suggests the known name that a misspelt one was meant to be.
///
/// Case and underscores are ignored, because `ENABLE_IPV4` and `WARM_IPTARGET` are misspelt names too. The
/// remaining characters are compared by [EditDistance].
final class NameSuggestions {

    /// Up to one edit in this many characters is a misspelling; with more edits it is another name.
    private static final int CHARACTERS_PER_EDIT = 6;

    private static final int EDITS_MAX = 2;

    private NameSuggestions() {}

    /// The known name that is nearest to the given one. Empty when none is near, or when the name itself is
    /// known.
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
