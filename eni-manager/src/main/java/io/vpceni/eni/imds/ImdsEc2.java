package io.vpceni.eni.imds;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.InstanceTypes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// [io.vpceni.eni.Ec2] for a node that makes no EC2 calls (`ENABLE_IMDS_ONLY_MODE`): reads come from IMDS as far as
/// possible, changes are refused.
///
/// IMDS may be minutes late and shows neither tags nor types of interfaces. A list without the primary ENI is ignored,
/// so that an incomplete IMDS disputes no address.
public final class ImdsEc2 implements Ec2 {

    private static final String MODE = "ENABLE_IMDS_ONLY_MODE";

    private final InterfaceSource imds;

    private final InstanceId instanceId;

    /// @param instanceId this instance
    public ImdsEc2(InterfaceSource imds, InstanceId instanceId) {
        this.imds = imds;
        this.instanceId = instanceId;
    }

    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        return switch (call) {
            case Ec2Call.LimitsOf limits ->
                new Ec2Answer.Limits(InstanceTypes.limits(limits.instanceType())
                        .orElseGet(() -> InstanceTypes.guess(limits.instanceType())));
            case Ec2Call.EnisOf all -> new Ec2Answer.Enis(all(all));
            case Ec2Call.OneEni one -> new Ec2Answer.Enis(List.of(one(one)));
            case Ec2Call.UnattachedOf _, Ec2Call.LeftOverIn _ -> new Ec2Answer.Enis(List.of());
            case Ec2Call.SubnetsOf _,
                    Ec2Call.Create _,
                    Ec2Call.Attach _,
                    Ec2Call.DeleteOnTermination _,
                    Ec2Call.SetGroups _,
                    Ec2Call.Tag _,
                    Ec2Call.Detach _,
                    Ec2Call.Delete _,
                    Ec2Call.Assign _,
                    Ec2Call.Unassign _ -> throw Ec2Failure.forbidden(call, MODE);
        };
    }

    private Ec2Eni one(Ec2Call.OneEni call) throws Ec2Failure {
        Optional<Ec2Eni> found =
                all(call).stream().filter(eni -> eni.id().equals(call.eni())).findFirst();
        if (found.isEmpty()) {
            throw failure(Ec2Failure.Kind.NOT_FOUND, call, "IMDS does not list it", null);
        }
        return found.get();
    }

    private List<Ec2Eni> all(Ec2Call<?> call) throws Ec2Failure {
        try {
            List<Ec2Eni> enis = imds.interfaces(instanceId);
            if (enis.stream().noneMatch(Ec2Eni::isPrimary)) {
                throw failure(Ec2Failure.Kind.UNAVAILABLE, call, "IMDS does not list the primary ENI", null);
            }
            return enis;
        } catch (ImdsFailure failure) {
            throw failure(Ec2Failure.Kind.UNAVAILABLE, call, String.valueOf(failure.getMessage()), failure);
        }
    }

    private static Ec2Failure failure(Ec2Failure.Kind kind, Ec2Call<?> call, String detail, @Nullable Throwable cause) {
        return Ec2Failure.withoutCode(kind, call.action().apiName(), call.subject(), detail, cause);
    }
}
