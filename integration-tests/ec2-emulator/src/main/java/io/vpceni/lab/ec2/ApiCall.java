package io.vpceni.lab.ec2;

import java.util.Map;

/// A request whose caller and action are known, before its parameters are read.
///
/// @param form as it came
record ApiCall(String action, Caller caller, Map<String, String> form) {}
