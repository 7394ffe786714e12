package io.vpceni.network;

import io.vpceni.config.DeviceSlot;
import io.vpceni.netlink.Route;

/// Numbers of route tables and priorities of rules: those of the AWS VPC CNI, and ours between them
/// (docs/adr/0014).
final class RouteTables {

    static final int PRIORITY_TO_POD = 512;

    /// For marked packets: main without its default route and the routes over secondary ENIs, then [#PRIMARY],
    /// then main, as in the AWS VPC CNI.
    static final int PRIORITY_MARK_PAST = 1022;

    static final int PRIORITY_MARK_PRIMARY = 1023;
    static final int PRIORITY_MARK = 1024;
    static final int PRIORITY_FROM_POD = 1536;

    /// For the primary ENI's subnet: packets of the node itself, which are not from a pod, continue behind
    /// these rules. Other ENIs, used by ipamd or not, may be in that subnet and have their own rules. The
    /// kernel numbers rules without a priority from 32765 downwards.
    static final int PRIORITY_SUBNET_LOCAL = 32000;

    /// For pods on the primary ENI, which have no rule of their own: the same as for marked packets.
    static final int PRIORITY_SUBNET_PAST = 32001;

    static final int PRIORITY_SUBNET_PRIMARY = 32002;
    static final int PRIORITY_SUBNET_END = 32003;
    static final int PRIORITY_FROM_ENI = 32765;

    /// The default route over the primary ENI, whatever the best default route in main is.
    static final int PRIMARY = 1;

    /// Cards after the first start here, with a hundred tables each.
    private static final int OTHER_CARDS = 10_000;

    private static final int TABLES_PER_CARD = 100;

    /// More than any instance has.
    private static final int CARDS = 100;

    private RouteTables() {}

    /// Whether a rule of ours, for any ENI, could lead there: a table of [#of] or [#PRIMARY].
    static boolean isOurs(int table) {
        return table == Route.TABLE_MAIN
                || (table >= PRIMARY && table < TABLES_PER_CARD)
                || (table >= OTHER_CARDS + TABLES_PER_CARD && table < OTHER_CARDS + TABLES_PER_CARD * CARDS);
    }

    /// The table of a pod's or an ENI's rule. Main means no rule: on the primary ENI there is none.
    static int of(DeviceSlot slot) {
        if (slot.networkCard() > 0) {
            return OTHER_CARDS + TABLES_PER_CARD * slot.networkCard() + slot.deviceIndex();
        }
        return slot.isPrimary() ? Route.TABLE_MAIN : slot.deviceIndex() + 1;
    }
}
