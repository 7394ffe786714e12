package io.vpceni.lab.ec2;

import java.net.URI;
import org.junit.jupiter.api.AutoClose;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// The embedded EC2 keeps the contract.
class EmulationContractTest extends Ec2Contract {
    @AutoClose
    private final EmulatedEc2 emulated = EmulatedEc2.withoutDelays();

    @Override
    protected URI endpoint() {
        return emulated.endpoint();
    }

    @Override
    protected AwsCredentials credentials() {
        return Ec2Clients.ADMINISTRATOR;
    }
}
