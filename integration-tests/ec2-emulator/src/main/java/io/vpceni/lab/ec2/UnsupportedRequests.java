package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;

/// Refusals of what AWS has and the emulation does not; their messages say so.
final class UnsupportedRequests {
    private static final String EC2 = "ec2";

    private UnsupportedRequests() {}

    /// An action that the emulation does not know. Whether EC2 does is told by the AWS SDK's client.
    static Ec2Refusal action(String name) {
        String fact = isOfEc2(name)
                ? "This EC2 emulation does not have the action " + name + ", which EC2 has."
                : "The action " + name + " is not valid for this web service: EC2 has none of that name either.";
        return new Ec2Refusal(
                "InvalidAction",
                fact + " docs/ec2-emulation.md lists the actions that the emulation has;"
                        + " './lab up --ec2 localstack' has LocalStack's EC2 instead.");
    }

    private static boolean isOfEc2(String action) {
        return Stream.of(Ec2Client.class.getMethods())
                .map(Method::getName)
                .anyMatch(method -> !method.isEmpty()
                        && method.substring(0, 1).toUpperCase(Locale.ROOT).equals(action.substring(0, 1))
                        && method.substring(1).equals(action.substring(1)));
    }

    /// A request that is signed for another service, as all are that follow AWS_ENDPOINT_URL.
    static Optional<Ec2Refusal> service(String authorization) {
        return Credential.of(authorization)
                .map(Credential::service)
                .filter(service -> !service.equals(EC2) && !service.equals(CallerIdentity.SERVICE))
                .map(service -> new Ec2Refusal(
                        "InvalidAction",
                        "This is an emulation of EC2 (and of STS GetCallerIdentity), and the request is for '" + service
                                + "': set AWS_ENDPOINT_URL_EC2 and AWS_ENDPOINT_URL_STS, not AWS_ENDPOINT_URL"));
    }
}
