package io.vpceni.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names of pods' host links as the AWS VPC CNI makes them: a prefix (`AWS_VPC_K8S_CNI_VETHPREFIX`, `eni` by
/// default) and the first 11 hexadecimal digits of SHA-1 over `namespace.pod`.
///
/// The AWS VPC CNI finds a pod's link by this name only: at start it keeps a checkpoint entry only if the node has
/// a link whose name ends with these digits. The name does not identify a sandbox: two sandboxes of one pod have
/// the same name.
public final class AwsLinkName {
    /// Number of hexadecimal digits after the prefix.
    public static final int SUFFIX_DIGITS = 11;

    private AwsLinkName() {}

    /// The end of the link's name, which is the same for every prefix.
    ///
    /// @param namespace of the pod, not empty
    /// @param pod its name, not empty
    public static String suffix(String namespace, String pod) {
        if (namespace.isEmpty() || pod.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + namespace + "/" + pod + "' is not a pod: namespace and name must not be empty");
        }
        return digits(namespace + "." + pod);
    }

    /// The first [#SUFFIX_DIGITS] hexadecimal digits of a text's SHA-1.
    public static String digits(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, SUFFIX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /// The whole name, at most 15 characters with a prefix of at most 4.
    ///
    /// @param namespace of the pod, not empty
    /// @param pod its name, not empty
    public static String of(String prefix, String namespace, String pod) {
        return prefix + suffix(namespace, pod);
    }
}
