package io.vpceni.lab.ec2;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the `Authorization` header of a signed request says of its sender (AWS Signature Version 4).
///
/// @param keyId the access key id
/// @param service for which the request was signed, such as `ec2`
record Credential(String keyId, String service) {
    // AWS4-HMAC-SHA256 Credential=<key id>/<date>/<region>/<service>/aws4_request, SignedHeaders=..., Signature=...
    private static final Pattern SHAPE = Pattern.compile(
            ".*\\bCredential=([A-Za-z0-9_-]{1,128})/[0-9]{1,8}/[A-Za-z0-9-]{1,64}/([A-Za-z0-9-]{1,64})/.*");

    /// Empty for a request that is not signed like that.
    static Optional<Credential> of(String authorization) {
        Matcher parts = SHAPE.matcher(authorization);
        return parts.matches() ? Optional.of(new Credential(parts.group(1), parts.group(2))) : Optional.empty();
    }
}
