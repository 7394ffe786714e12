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

    /// Of the primary ENI's subnet: what the node itself sends, which is no pod's, goes on behind them.
    /// Other ENIs, managed by us or not, may be in that subnet and have rules of their own.
    /// The kernel numbers those without a priority from 32765 downwards.
    static final int PRIORITY_SUBNET_LOCAL = 32000;

    /// Of pods on the primary ENI, which have no rule of their own: as of marked packets.
    static final int PRIORITY_SUBNET_PAST = 32001;

    static final int PRIORITY_SUBNET_PRIMARY = 32002;
    static final int PRIORITY_SUBNET_END = 32003;
    static final int PRIORITY_FROM_ENI = 32765;

    /// The default route over the primary ENI, whatever is the best one in main.
    static final int PRIMARY = 1;

    /// Cards after the first start here, a hundred tables each.
    private static final int OTHER_CARDS = 10_000;

    private static final int TABLES_PER_CARD = 100;

    /// More than an instance has.
    private static final int CARDS = 100;

    private RouteTables() {}

    /// Whether a rule of ours, of whichever ENI, could lead there: a table of [#of] or [#PRIMARY].
    static boolean isOurs(int table) {
        return table == Route.TABLE_MAIN
                || (table >= PRIMARY && table < TABLES_PER_CARD)
                || (table >= OTHER_CARDS + TABLES_PER_CARD && table < OTHER_CARDS + TABLES_PER_CARD * CARDS);
    }

    /// Where a pod's or ENI's own rule leads; main: it has none, which is so on the primary ENI.
    static int of(int networkCard, int deviceIndex) {
        if (networkCard > 0) {
            return OTHER_CARDS + TABLES_PER_CARD * networkCard + deviceIndex;
        }
        return deviceIndex == 0 ? Route.TABLE_MAIN : deviceIndex + 1;
    }
}
