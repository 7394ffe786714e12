package io.vpceni.lab.localstack;

import java.io.IOException;
import java.util.regex.Pattern;

/// LocalStack takes the account from the access key id, and each account has a world of its own: the one who builds
/// the VPC and a node's role would not see each other's ENIs. So all calls go by one key; signatures are not checked.
final class OneAccount implements Mend {
    static final String REGION = "us-east-1";

    private static final String ONE_AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=test/20260101/" + REGION
            + "/ec2/aws4_request, SignedHeaders=host, Signature=0";

    private static final Pattern CREDENTIAL = Pattern.compile("Credential=[^/]+/([0-9]+)/([^/]+)/");

    @Override
    public String reason() {
        return "the account follows the access key id, so a node would not see the VPC that was built for it";
    }

    @Override
    public ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException {
        String authorization = call.headers().getOrDefault("authorization", ONE_AUTHORIZATION);
        String one = CREDENTIAL.matcher(authorization).replaceFirst("Credential=test/$1/" + REGION + "/");
        return next.send(call.withHeader("authorization", one));
    }
}
