package io.vpceni.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// How the AWS VPC CNI names the host link of a pod: a prefix (`AWS_VPC_K8S_CNI_VETHPREFIX`, `eni` by default) and
/// the first 11 hexadecimal digits of SHA-1 over `namespace.pod`.
///
/// It finds a pod's link by that name and by nothing else: when it starts it keeps an entry of its checkpoint only if a
/// link on the node has a name that ends with these digits. The name says nothing about the sandbox: two sandboxes of
/// one pod would share it.
public final class AwsLinkName {
    /// Hexadecimal digits behind the prefix.
    public static final int SUFFIX_DIGITS = 11;

    private AwsLinkName() {}

    /// What the link's name ends with, whatever the prefix.
    ///
    /// @param namespace of the pod, not empty
    /// @param pod its name, not empty
    public static String suffix(String namespace, String pod) {
        if (namespace.isEmpty() || pod.isEmpty()) {
            throw new IllegalArgumentException("'" + namespace + "/" + pod + "' is no pod: the name is made of both");
        }
        return digits(namespace + "." + pod);
    }

    /// As many hexadecimal digits as [#SUFFIX_DIGITS] of a text's SHA-1.
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
