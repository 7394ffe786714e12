package io.vpceni.network;

import io.vpceni.netlink.Route;

/// Which table and which priorities: the AWS VPC CNI's numbers.
final class RouteTables {

    static final int PRIORITY_TO_POD = 512;
    static final int PRIORITY_MARK = 1024;
    static final int PRIORITY_FROM_POD = 1536;
    static final int PRIORITY_FROM_ENI = 32765;

    /// Cards after the first start here, a hundred tables each.
    private static final int OTHER_CARDS = 10_000;

    private static final int TABLES_PER_CARD = 100;

    private RouteTables() {}

    static int of(int networkCard, int deviceIndex) {
        if (networkCard > 0) {
            return OTHER_CARDS + TABLES_PER_CARD * networkCard + deviceIndex;
        }
        return deviceIndex == 0 ? Route.TABLE_MAIN : deviceIndex + 1;
    }
}
