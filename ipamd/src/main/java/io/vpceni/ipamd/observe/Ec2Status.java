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

/// ENIs, requests, calls and budgets of this node at EC2, at one moment.
///
/// @param enis each ENI and its phase
/// @param wanted what the pool requested and has not got, the oldest first
/// @param pending EC2 calls that are wanted and have not ended, sent or not, the oldest first
/// @param calls that were sent and are not answered, the oldest first
/// @param budget the request budgets
/// @param subnets that new ENIs may go to, the one first that is tried first
/// @param refusals what EC2 refused, the latest first: one for each action, until it succeeds; when credentials or
///     connection were to blame, until any action succeeds
/// @param openIntents ENI operations that were started and have not ended
/// @param circuit state of the circuit breaker before EC2
/// @param access credentials, proxies and clock difference
/// @param ending whether the node is being terminated: ipamd returns nothing any more
public record Ec2Status(
        Instant at,
        List<EniStatus> enis,
        List<Wanted> wanted,
        List<PendingCall> pending,
        List<InFlightCall> calls,
        BudgetSnapshot budget,
        List<SubnetState> subnets,
        List<LastRefusal> refusals,
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
        refusals = List.copyOf(refusals);
    }

    /// A request of the pool that has not ended.
    public record Wanted(Effect.Request request, Instant since) {}

    /// A call that was sent and is not answered.
    public record InFlightCall(Ec2Call<?> what, Instant since) {}

    /// The last failure of an action that has not succeeded since.
    ///
    /// @param action as in `AssignPrivateIpAddresses`
    /// @param text the failure's, with what to do
    /// @param times in a row
    public record LastRefusal(String action, Ec2Failure.Kind kind, String text, Instant at, long times) {}
}
