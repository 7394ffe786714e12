package io.vpceni.config;

import java.util.function.Predicate;

/// A variable that the AWS SDK reads by itself, and late: what is wrong with it is said at start.
///
/// @param allowed what is allowed: the end of "want ..."
/// @param meaning one sentence
/// @param allows never asked about ""
record SdkVariable(String name, String allowed, String meaning, Predicate<String> allows) {}
