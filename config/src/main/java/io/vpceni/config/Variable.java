package io.vpceni.config;

import java.util.Optional;
import java.util.function.Function;

/// A variable that is used: its row in docs/settings.md, and how its text becomes a value.
///
/// @param fallback the default, as docs/settings.md shows it; parsed like any other text unless the reader has
///     another default
/// @param allowed the allowed values: the end of "want ..."
/// @param meaning one sentence
/// @param parse empty when the text is not allowed
record Variable<T>(String name, String fallback, String allowed, String meaning, Function<String, Optional<T>> parse) {}
