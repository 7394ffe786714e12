package io.vpceni.eni;

/// EC2 for a node that must change nothing (`DISABLE_NETWORK_RESOURCE_PROVISIONING`): it is read, and every call that
/// would change something fails as not asked.
public final class ReadOnlyEc2 implements Ec2 {

    private final Ec2 ec2;

    public ReadOnlyEc2(Ec2 ec2) {
        this.ec2 = ec2;
    }

    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        if (call.action().changes()) {
            throw Ec2Failure.forbidden(call, "DISABLE_NETWORK_RESOURCE_PROVISIONING");
        }
        return ec2.answer(call);
    }
}
