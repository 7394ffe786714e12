package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;

/// How one action stands.
///
/// @param tokens calls that could leave now, if nothing else held them back; below 1 means wait
/// @param perSecond the pace now, in calls a second once the tokens are used up: that of the slowest priority that was
///     wanted
/// @param perSecondMax the pace when nothing is throttled
/// @param waiting calls that wait, those included that are tried again
/// @param underWay calls that left and are not answered
/// @param made calls that left so far, repetitions included
/// @param throttled those of them that EC2 refused for now
public record ActionBudget(
        Ec2Action action,
        double tokens,
        double perSecond,
        double perSecondMax,
        int waiting,
        int underWay,
        long made,
        long throttled) {}
