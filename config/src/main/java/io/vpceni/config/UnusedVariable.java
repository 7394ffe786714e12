package io.vpceni.config;

import java.util.Set;

/// A variable of the AWS VPC CNI that is known and has no effect here yet.
///
/// @param silent values that request nothing, or what happens anyway: they give no warning
record UnusedVariable(String name, Set<String> silent, String meaning) {}
