package io.vpceni.ipamd;

import io.vpceni.config.ProxySettings;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.aws.AwsEc2;
import io.vpceni.ipamd.log.LogSetup;
import java.time.Clock;
import java.util.Map;

/// A process of its own that calls EC2 as ipamd does, with the environment that it was started in: the SDK reads that
/// by itself, so no test of the same process can set it.
public final class CredentialsProbe {

    private CredentialsProbe() {}

    /// @param args how many calls
    @SuppressWarnings("SystemOut") // a program of the tests
    public static void main(String[] args) {
        LogSetup.apply(false, "INFO");
        Map<String, String> environment = System.getenv();
        try (AwsEc2 ec2 = AwsEc2.open("probe", environment, ProxySettings.from(environment), Clock.systemUTC())) {
            for (int call = 0; call < Integer.parseInt(args[0]); call++) {
                try {
                    System.out.println("answer: " + ec2.perform(new Ec2Call.EnisOf(new InstanceId("i-1"))));
                } catch (Ec2Failure failure) {
                    System.out.println("failure " + failure.kind() + ": " + failure.getMessage());
                }
            }
            System.out.println("report: " + ec2.access().credentials());
        }
    }
}
