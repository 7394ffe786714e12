package io.vpceni.lab.localstack;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The MAC that the lab gives to an ENI of LocalStack's, whose own is malformed.
final class LabMac {
    private LabMac() {}

    /// Six octets, locally administered unicast (`02:...`), the same for the same id always: 40 bits of the id's
    /// SHA-256.
    static String of(String eniId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(eniId.getBytes(StandardCharsets.US_ASCII));
            digest[0] = 0x02;
            return HexFormat.ofDelimiter(":").formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
