package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.model.RoleKeys;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells the caller by the access key id in the `Authorization` header. The signature itself is not verified.
final class AccessKeys {
    // AWS4-HMAC-SHA256 Credential=<key id>/<date>/<region>/<service>/aws4_request, SignedHeaders=..., Signature=...
    private static final Pattern CREDENTIAL = Pattern.compile(".*\\bCredential=([A-Za-z0-9_-]{1,128})/.*");

    private final String administratorKeyId;
    private final RoleKeys roleKeys;

    AccessKeys(String administratorKeyId, RoleKeys roleKeys) {
        this.administratorKeyId = administratorKeyId;
        this.roleKeys = roleKeys;
    }

    /// @param authorization the header, empty if there is none
    /// @param sessionToken the header `X-Amz-Security-Token`, empty if there is none
    /// @throws Ec2Refusal `AuthFailure`, HTTP status 401
    Caller caller(String authorization, String sessionToken) {
        Matcher credential = CREDENTIAL.matcher(authorization);
        if (!credential.matches()) {
            throw new Ec2Refusal(401, "AuthFailure", "The request has no Authorization header with a Credential");
        }
        String keyId = credential.group(1);
        if (keyId.equals(administratorKeyId)) {
            return new Caller.Administrator();
        }
        return roleKeys.instanceOf(keyId, sessionToken)
                .<Caller>map(Caller.Node::new)
                .orElseThrow(() -> new Ec2Refusal(
                        401, "AuthFailure", "AWS was not able to validate the provided access credentials: " + keyId));
    }
}
