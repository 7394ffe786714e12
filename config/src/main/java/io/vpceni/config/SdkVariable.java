package io.vpceni.config;

import java.util.function.Predicate;

/// A variable that only the AWS SDK reads, and reads late. It is checked at start, so that errors are reported
/// then.
///
/// @param allowed the allowed values: the end of "want ..."
/// @param meaning one sentence
/// @param allows never called with ""
record SdkVariable(String name, String allowed, String meaning, Predicate<String> allows) {}
