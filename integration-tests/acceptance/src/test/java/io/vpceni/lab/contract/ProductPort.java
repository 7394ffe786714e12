package io.vpceni.lab.contract;

import io.vpceni.config.ProxySettings;
import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.aws.AwsEc2;
import java.time.Clock;
import java.util.Map;

/// The product's EC2, that asks the one under test. It finds it as on a node, but for system properties in the place of
/// environment variables, so one is open at a time.
final class ProductPort implements Ec2, AutoCloseable {
    private final Map<String, String> properties;
    private final AwsEc2 ec2;

    private ProductPort(Map<String, String> properties) {
        this.properties = properties;
        properties.forEach(System::setProperty);
        ec2 = AwsEc2.open("contract", Map.of(), ProxySettings.NONE, Clock.systemUTC());
    }

    static ProductPort open(ContractBackend backend) {
        return new ProductPort(Map.of(
                "aws.endpointUrlEc2", backend.endpoint().toString(),
                "aws.region", "us-east-1",
                "aws.accessKeyId", backend.credentials().accessKeyId(),
                "aws.secretAccessKey", backend.credentials().secretAccessKey()));
    }

    @Override
    public Ec2Answer answer(Ec2Call<?> call) throws Ec2Failure {
        return ec2.answer(call);
    }

    @Override
    public void close() {
        ec2.close();
        properties.keySet().forEach(System::clearProperty);
    }
}
