package io.vpceni.lab.ec2;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The token buckets of the account, one for each action: a request takes a token, and an empty bucket
/// answers `RequestLimitExceeded`.
///
/// Figures are those of "Request throttling for the Amazon EC2 API"; an account's own can be others.
///
/// @param own buckets of actions that have a figure of their own
/// @param mutating of each other action that changes something
/// @param reading of each other action
/// @param bareReading of a read among [#BARE] that names no ids and has neither filter nor page
/// @param resources buckets from which an action also takes a token for each instance that it is about
/// @param on `false`: nothing is ever throttled
public record BucketSizes(
        SortedMap<String, Size> own,
        Size mutating,
        Size reading,
        Size bareReading,
        SortedMap<String, Size> resources,
        boolean on) {
    /// The reads with a smaller bucket for asking about everything.
    public static final Set<String> BARE = Set.of(
            "DescribeInstances", "DescribeInstanceStatus", "DescribeNetworkInterfaces", "DescribeSecurityGroups");

    /// A bucket.
    ///
    /// @param tokens when it is full, 1 or more
    /// @param perSecond that come back, more than 0
    public record Size(double tokens, double perSecond) {
        public Size {
            if (!(tokens >= 1 && perSecond > 0)) {
                throw new IllegalArgumentException(tokens + " tokens, " + perSecond + " a second: want some");
            }
        }
    }

    public BucketSizes {
        own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
        resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    }

    public static BucketSizes documented() {
        SortedMap<String, Size> own = new TreeMap<>();
        Size addresses = new Size(100, 5);
        own.put("AssignIpv6Addresses", addresses);
        own.put("AssignPrivateIpAddresses", addresses);
        own.put("UnassignPrivateIpAddresses", addresses);
        own.put("CreateNetworkInterface", addresses);
        own.put("DeleteNetworkInterface", addresses);
        own.put("ModifyNetworkInterfaceAttribute", addresses);
        own.put("CreateTags", new Size(100, 10));
        own.put("DeleteTags", new Size(100, 10));
        own.put("CreateSubnetCidrReservation", new Size(5, 1));
        own.put("DeleteSubnetCidrReservation", new Size(5, 1));
        own.put("RunInstances", new Size(5, 2));
        own.put("TerminateInstances", new Size(100, 5));
        SortedMap<String, Size> resources = new TreeMap<>();
        resources.put("RunInstances", new Size(1000, 2));
        resources.put("TerminateInstances", new Size(1000, 20));
        return new BucketSizes(own, new Size(50, 5), new Size(100, 20), new Size(50, 10), resources, true);
    }

    /// Nothing is ever throttled.
    public static BucketSizes off() {
        BucketSizes sizes = documented();
        return new BucketSizes(sizes.own, sizes.mutating, sizes.reading, sizes.bareReading, sizes.resources, false);
    }

    /// The same but for one action.
    public BucketSizes with(String action, Size size) {
        SortedMap<String, Size> changed = new TreeMap<>(own);
        changed.put(action, size);
        return new BucketSizes(changed, mutating, reading, bareReading, resources, on);
    }

    Size of(String action, boolean bare) {
        if (bare && BARE.contains(action)) {
            return bareReading;
        }
        Size size = own.get(action);
        if (size != null) {
            return size;
        }
        return Ec2Api.isRead(action) ? reading : mutating;
    }
}
