package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.EniId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What people do to ENIs by hand.
final class FakeEnis {

    private final FakeEc2 ec2;

    FakeEnis(FakeEc2 ec2) {
        this.ec2 = ec2;
    }

    EniId attachedByHand(InstanceId instanceId, int deviceIndex) {
        return attached("by hand", instanceId, deviceIndex);
    }

    /// As this node makes them, before delete-on-termination is set.
    EniId attachedByUs(InstanceId instanceId, int deviceIndex) {
        return attached("aws-K8S-" + instanceId, instanceId, deviceIndex);
    }

    private EniId attached(String description, InstanceId instanceId, int deviceIndex) {
        ec2.withUnattached(description, Map.of());
        EniId eni = ec2.all().getLast().id();
        attachedByHand(eni, instanceId, deviceIndex);
        return eni;
    }

    void attachedByHand(EniId eni, InstanceId instanceId, int deviceIndex) {
        perform(new Ec2Call.Attach(eni, instanceId, new DeviceSlot(0, deviceIndex)));
    }

    void tagged(EniId eni, String key, String value) {
        perform(new Ec2Call.Tag(eni, new TreeMap<>(Map.of(key, value))));
    }

    void detachedByHand(EniId eni) {
        AttachmentId tie = ec2.all().stream()
                .filter(one -> one.id().equals(eni))
                .map(one -> Objects.requireNonNull(one.attachment()).id())
                .findFirst()
                .orElseThrow();
        perform(new Ec2Call.Detach(eni, tie));
        perform(new Ec2Call.OneEni(eni)); // a look lets it settle
    }

    private void perform(Ec2Call<?> call) {
        try {
            var _ = ec2.perform(call);
        } catch (Ec2Failure failure) {
            throw new IllegalStateException(failure);
        }
    }
}
