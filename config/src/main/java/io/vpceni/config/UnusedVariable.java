package io.vpceni.config;

import java.util.Set;

/// A variable of the AWS VPC CNI that is known and has no effect here yet.
///
/// @param silent values that ask for nothing, or for what happens anyway: they are not worth a warning
record UnusedVariable(String name, Set<String> silent, String meaning) {}
