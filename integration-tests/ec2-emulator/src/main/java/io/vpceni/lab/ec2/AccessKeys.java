package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.model.RoleKeys;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Optional;

/// Identifies the caller by the access key id in the `Authorization` header. The signature is not verified.
final class AccessKeys {
    private final RoleKeys roleKeys;

    AccessKeys(RoleKeys roleKeys) {
        this.roleKeys = roleKeys;
    }

    /// @param authorization the header, empty if there is none
    /// @param sessionToken the header `X-Amz-Security-Token`, empty if there is none
    /// @throws Ec2Refusal `AuthFailure`, HTTP status 401
    Caller caller(String authorization, String sessionToken) {
        String keyId = Credential.of(authorization)
                .map(Credential::keyId)
                .orElseThrow(() -> new Ec2Refusal(
                        401, "AuthFailure", "The request has no Authorization header with a Credential"));
        return caller(keyId, sessionToken, roleKeys)
                .orElseThrow(() -> new Ec2Refusal(
                        401, "AuthFailure", "AWS was not able to validate the provided access credentials: " + keyId));
    }

    private static Optional<Caller> caller(String keyId, String sessionToken, RoleKeys roleKeys) {
        return switch (keyId) {
            case Ec2Emulation.ADMINISTRATOR_KEY_ID -> Optional.of(new Caller.Administrator("administrator"));
            case Ec2Emulation.TEST_KEY_ID -> Optional.of(new Caller.Administrator("test"));
            default -> roleKeys.instanceOf(keyId, sessionToken).map(Caller.Node::new);
        };
    }
}
