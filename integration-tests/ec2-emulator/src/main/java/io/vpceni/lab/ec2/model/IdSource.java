package io.vpceni.lab.ec2.model;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Makes everything that has to be new and look like EC2's: ids, MAC addresses, keys. A seed gives the same again.
///
/// What is created is drawn apart from what comes with each request and each look at a metadata service: so the
/// same things get the same ids and addresses, however often somebody looked meanwhile.
public final class IdSource {
    private static final HexFormat HEX = HexFormat.of();
    private static final String KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS = KEY_LETTERS + "abcdefghijklmnopqrstuvwxyz0189";

    private final RandomGenerator random;
    private final RandomGenerator passing;
    private final Set<String> macAddresses = new HashSet<>();

    public IdSource(SplittableRandom random) {
        this.passing = random.split();
        this.random = random;
    }

    /// The kind's prefix and 17 hex digits, the first of which is 0.
    public String next(ResourceKind kind) {
        return kind.prefix() + "-0" + HEX.toHexDigits(random.nextLong());
    }

    /// Six octets, locally administered, unicast; never the same twice.
    public String nextMacAddress() {
        while (true) { // ends soon: 2^40 addresses, thousands of ENIs
            byte[] octets = new byte[6];
            random.nextBytes(octets);
            octets[0] = 0x02;
            String mac = HexFormat.ofDelimiter(":").formatHex(octets);
            if (macAddresses.add(mac)) {
                return mac;
            }
        }
    }

    /// A request id, in the shape of a version 4 UUID.
    public String nextRequestId() {
        String hex = HEX.toHexDigits(passing.nextLong()) + HEX.toHexDigits(passing.nextLong());
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-4" + hex.substring(13, 16) + "-a"
                + hex.substring(17, 20) + "-" + hex.substring(20);
    }

    /// The id of temporary credentials.
    public String nextAccessKeyId() {
        return "ASIA" + letters(KEY_LETTERS, 16);
    }

    public String nextSecret(int length) {
        return letters(SECRET_LETTERS, length);
    }

    RandomGenerator random() {
        return random;
    }

    private String letters(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(passing.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
