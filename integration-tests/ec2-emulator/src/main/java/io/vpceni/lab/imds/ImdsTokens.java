package io.vpceni.lab.imds;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Session tokens that carry their own end, sealed with a key of this server's: nothing is remembered, so nothing
/// grows.
final class ImdsTokens {
    private static final String SEAL = "HmacSHA256";

    private final InstantSource time;
    private final SecretKeySpec key;

    ImdsTokens(InstantSource time) {
        this.time = time;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, SEAL);
    }

    String issue(Duration lifetime) {
        byte[] end = ByteBuffer.allocate(Long.BYTES)
                .putLong(time.instant().plus(lifetime).toEpochMilli())
                .array();
        byte[] token = Arrays.copyOf(end, Long.BYTES + 32);
        System.arraycopy(seal(end), 0, token, Long.BYTES, 32);
        return Base64.getUrlEncoder().encodeToString(token);
    }

    boolean isValid(String text) {
        byte[] token;
        try {
            token = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
        if (token.length != Long.BYTES + 32) {
            return false;
        }
        byte[] end = Arrays.copyOf(token, Long.BYTES);
        boolean ours = MessageDigest.isEqual(seal(end), Arrays.copyOfRange(token, Long.BYTES, token.length));
        return ours
                && time.instant()
                        .isBefore(Instant.ofEpochMilli(ByteBuffer.wrap(end).getLong()));
    }

    private byte[] seal(byte[] end) {
        try {
            Mac mac = Mac.getInstance(SEAL);
            mac.init(key);
            return mac.doFinal(end);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + SEAL, e);
        }
    }
}
