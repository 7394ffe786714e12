package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.BudgetSnapshot;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.Effect;
import java.time.Instant;
import java.util.List;

/// What goes on between this node and EC2, at one moment.
///
/// @param enis each ENI and where it is in its life
/// @param wanted what the pool waits for, the oldest first
/// @param pending EC2 calls that were wanted and have not ended, whether they left or not, the oldest first
/// @param calls that left and are not answered, the oldest first
/// @param budget how often EC2 may be asked
/// @param subnets that new ENIs may go to, the one first that is tried first
/// @param troubles what EC2 refuses, the latest first: one for each action, until it succeeds
/// @param openIntents works on ENIs that were begun and did not end
/// @param circuit whether EC2 is asked at all
/// @param access with which credentials, by which proxy, and how far this node's clock is off
/// @param ending whether the node is being terminated: nothing is given back any more
public record Ec2Status(
        Instant at,
        List<EniStatus> enis,
        List<Wanted> wanted,
        List<PendingCall> pending,
        List<UnderWay> calls,
        BudgetSnapshot budget,
        List<SubnetState> subnets,
        List<Trouble> troubles,
        int openIntents,
        Ec2Circuit circuit,
        Ec2Access access,
        boolean ending) {

    public Ec2Status {
        enis = List.copyOf(enis);
        wanted = List.copyOf(wanted);
        pending = List.copyOf(pending);
        calls = List.copyOf(calls);
        subnets = List.copyOf(subnets);
        troubles = List.copyOf(troubles);
    }

    /// Something that the pool asked for.
    public record Wanted(Effect.Request request, Instant since) {}

    /// A call.
    public record UnderWay(Ec2Call<?> what, Instant since) {}

    /// What an action came to last.
    ///
    /// @param action as in `AssignPrivateIpAddresses`
    /// @param text the failure's, with what to do
    /// @param times in a row
    public record Trouble(String action, Ec2Failure.Kind kind, String text, Instant at, long times) {}
}
