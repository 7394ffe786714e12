package io.vpceni.network;

import io.vpceni.netlink.Route;

/// Which table and which priorities: the AWS VPC CNI's numbers, and others of ours between them (docs/adr/0014).
final class RouteTables {

    static final int PRIORITY_TO_POD = 512;

    /// Of marked packets: main without its default route and those over secondary ENIs, then [#PRIMARY], then,
    /// as the AWS VPC CNI has it, main.
    static final int PRIORITY_MARK_PAST = 1022;

    static final int PRIORITY_MARK_PRIMARY = 1023;
    static final int PRIORITY_MARK = 1024;
    static final int PRIORITY_FROM_POD = 1536;

    /// Of an ENI's own address, before those of the primary ENI's subnet, which it may be in.
    static final int PRIORITY_OWN_ADDRESS = 32762;

    /// Of pods on the primary ENI, which have no rule of their own: the same.
    static final int PRIORITY_SUBNET_PAST = 32763;

    static final int PRIORITY_SUBNET_PRIMARY = 32764;
    static final int PRIORITY_FROM_ENI = 32765;

    /// The default route over the primary ENI, whatever is the best one in main.
    static final int PRIMARY = 1;

    /// Cards after the first start here, a hundred tables each.
    private static final int OTHER_CARDS = 10_000;

    private static final int TABLES_PER_CARD = 100;

    private RouteTables() {}

    /// Where a pod's or ENI's own rule leads; main: it has none, which is so on the primary ENI.
    static int of(int networkCard, int deviceIndex) {
        if (networkCard > 0) {
            return OTHER_CARDS + TABLES_PER_CARD * networkCard + deviceIndex;
        }
        return deviceIndex == 0 ? Route.TABLE_MAIN : deviceIndex + 1;
    }
}
