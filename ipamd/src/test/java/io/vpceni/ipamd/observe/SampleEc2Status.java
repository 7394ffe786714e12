package io.vpceni.ipamd.observe;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.aws.CredentialsReport;
import io.vpceni.eni.aws.CredentialsSource;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.budget.BudgetSnapshot;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniReference;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What goes on with EC2, for tests of what people see.
final class SampleEc2Status {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");

    static final Ec2Access ROLE = new Ec2Access(
            new CredentialsReport(
                    CredentialsSource.INSTANCE_ROLE,
                    "",
                    NOW.minusSeconds(600),
                    "ASIANODE",
                    Optional.of(NOW.plusSeconds(3600)),
                    ""),
            Duration.ZERO,
            List.of());

    private SampleEc2Status() {}

    private static EniReference reference(EniId id) {
        return new EniReference.ById(id);
    }

    private static Optional<DeviceSlot> at(int deviceIndex) {
        return Optional.of(new DeviceSlot(0, deviceIndex));
    }

    static Ec2Status idle() {
        return new Ec2Status(
                NOW,
                List.of(new EniStatus(reference(ENI), EniPhase.READY, at(0), NOW.minusSeconds(60), "")),
                List.of(),
                List.of(),
                List.of(),
                new BudgetSnapshot(List.of(), 0, 0, 16, 1),
                List.of(),
                List.of(),
                0,
                Ec2Circuit.CLOSED,
                ROLE,
                false);
    }

    /// Throttled, one subnet full, an ENI without a link and one on its way, EC2's breaker open.
    static Ec2Status busy() {
        return new Ec2Status(
                NOW,
                List.of(
                        new EniStatus(reference(ENI), EniPhase.READY, at(0), NOW.minusSeconds(60), ""),
                        new EniStatus(
                                reference(new EniId("eni-0ff")),
                                EniPhase.LINK_MISSING,
                                at(1),
                                NOW.minusSeconds(40),
                                "no link within 30 s"),
                        new EniStatus(
                                new EniReference.ByClientToken(new ClientToken("token-1")),
                                EniPhase.CREATING,
                                at(2),
                                NOW.minusSeconds(7),
                                "")),
                List.of(
                        new Ec2Status.Wanted(new Effect.AddEni(4, 0, BlockKind.ADDRESS, 9), NOW.minusSeconds(7)),
                        new Ec2Status.Wanted(
                                new Effect.AssignBlocks(5, ENI, BlockKind.ADDRESS, 3), NOW.minusSeconds(2))),
                List.of(
                        new PendingCall(31, "create an ENI", List.of(4L), "an ENI in subnet-0a", NOW.minusSeconds(7)),
                        new PendingCall(32, "describe this node's ENIs", List.of(), "i-0a", NOW.minusSeconds(1))),
                List.of(new Ec2Status.InFlightCall(new Ec2Call.EnisOf(new InstanceId("i-0a")), NOW.minusSeconds(1))),
                new BudgetSnapshot(
                        List.of(
                                new ActionBudget(
                                        Ec2Action.CREATE_NETWORK_INTERFACE,
                                        0.25,
                                        0.5,
                                        5,
                                        1,
                                        0,
                                        9,
                                        4,
                                        NOW.plusSeconds(2)),
                                new ActionBudget(
                                        Ec2Action.DESCRIBE_NETWORK_INTERFACES, 99, 20, 20, 0, 1, 120, 0, null)),
                        1,
                        1,
                        16,
                        1),
                List.of(
                        new SubnetState(
                                new SubnetId("subnet-0a"),
                                SubnetState.Eligibility.USED,
                                true,
                                OptionalInt.of(3),
                                NOW.plusSeconds(50),
                                NOW.plusSeconds(90)),
                        new SubnetState(
                                new SubnetId("subnet-0b"),
                                SubnetState.Eligibility.USED,
                                false,
                                OptionalInt.empty(),
                                null,
                                null),
                        new SubnetState(
                                new SubnetId("subnet-0c"),
                                SubnetState.Eligibility.NOT_TAGGED,
                                false,
                                OptionalInt.of(250),
                                null,
                                null)),
                List.of(refusal(Ec2Failure.Kind.THROTTLED)),
                2,
                Ec2Circuit.OPEN,
                ROLE,
                false);
    }

    static Ec2Status.LastRefusal refusal(Ec2Failure.Kind kind) {
        return refusal(Ec2Action.CREATE_NETWORK_INTERFACE, kind);
    }

    static Ec2Status.LastRefusal refusal(Ec2Action refused, Ec2Failure.Kind kind) {
        String action = refused.apiName();
        Ec2Failure failure = new Ec2Failure(kind, action, "an ENI in subnet-0a", "SomeCode", "", null);
        return new Ec2Status.LastRefusal(action, kind, String.valueOf(failure.getMessage()), NOW.minusSeconds(5), 4);
    }

    /// With an open request for a new ENI.
    static Ec2Status growing(Ec2Status ec2) {
        return new Ec2Status(
                ec2.at(),
                ec2.enis(),
                List.of(new Ec2Status.Wanted(new Effect.AddEni(4, 0, BlockKind.ADDRESS, 9), NOW.minusSeconds(7))),
                ec2.pending(),
                ec2.calls(),
                ec2.budget(),
                ec2.subnets(),
                ec2.refusals(),
                ec2.openIntents(),
                ec2.circuit(),
                ec2.access(),
                ec2.ending());
    }

    /// Growing, while EC2 throttles what is throttled.
    static Ec2Status throttled(Ec2Action action) {
        Ec2Status busy = growing(busy());
        return new Ec2Status(
                busy.at(),
                busy.enis(),
                busy.wanted(),
                busy.pending(),
                busy.calls(),
                new BudgetSnapshot(
                        List.of(new ActionBudget(action, 100, 0.06, 5, 1, 0, 9, 4, NOW.plusMillis(24_300))),
                        1,
                        1,
                        16,
                        1),
                List.of(),
                List.of(refusal(action, Ec2Failure.Kind.THROTTLED)),
                busy.openIntents(),
                busy.circuit(),
                busy.access(),
                busy.ending());
    }

    /// Idle, with these ENIs.
    static Ec2Status withEnis(List<EniStatus> enis) {
        Ec2Status idle = idle();
        return new Ec2Status(
                idle.at(),
                enis,
                idle.wanted(),
                idle.pending(),
                idle.calls(),
                idle.budget(),
                idle.subnets(),
                idle.refusals(),
                idle.openIntents(),
                idle.circuit(),
                idle.access(),
                idle.ending());
    }

    static Ec2Status with(Ec2Status ec2, List<Ec2Status.LastRefusal> refusals, List<SubnetState> subnets) {
        return new Ec2Status(
                ec2.at(),
                ec2.enis(),
                ec2.wanted(),
                ec2.pending(),
                ec2.calls(),
                ec2.budget(),
                subnets,
                refusals,
                ec2.openIntents(),
                ec2.circuit(),
                ec2.access(),
                ec2.ending());
    }

    static Ec2Status with(Ec2Status ec2, Ec2Access access) {
        return new Ec2Status(
                ec2.at(),
                ec2.enis(),
                ec2.wanted(),
                ec2.pending(),
                ec2.calls(),
                ec2.budget(),
                ec2.subnets(),
                ec2.refusals(),
                ec2.openIntents(),
                ec2.circuit(),
                access,
                ec2.ending());
    }
}
