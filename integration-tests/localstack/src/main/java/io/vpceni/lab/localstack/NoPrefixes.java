package io.vpceni.lab.localstack;

import java.io.IOException;

/// LocalStack answers a request for prefixes with success and assigns none. Here it is refused instead.
final class NoPrefixes implements Mend {
    @Override
    public String reason() {
        return "a request for prefixes would succeed and give nothing";
    }

    @Override
    public ProxiedAnswer carry(ProxiedCall call, Ec2Wire next) throws IOException {
        boolean wanted = call.action().endsWith("Ipv6Addresses")
                || call.parameters().keySet().stream().anyMatch(NoPrefixes::isAboutPrefixes);
        return wanted
                ? ProxiedAnswer.error(
                        400,
                        "UnsupportedOperation",
                        "LocalStack knows no prefixes: take the embedded EC2 for ENABLE_PREFIX_DELEGATION")
                : next.send(call);
    }

    private static boolean isAboutPrefixes(String parameter) {
        return parameter.startsWith("Ipv4Prefix") || parameter.startsWith("Ipv6Prefix");
    }
}
