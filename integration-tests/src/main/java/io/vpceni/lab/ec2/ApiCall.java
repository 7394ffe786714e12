package io.vpceni.lab.ec2;

/// A request whose caller and action are known, before its parameters are looked at.
record ApiCall(String action, Caller caller) {}
