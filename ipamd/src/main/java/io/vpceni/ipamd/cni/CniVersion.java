package io.vpceni.ipamd.cni;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The versions of the CNI specification whose results ipamd can write.
public enum CniVersion {
    V0_3_1("0.3.1"),
    V0_4_0("0.4.0"),
    V1_0_0("1.0.0"),
    V1_1_0("1.1.0");

    private final String text;

    CniVersion(String text) {
        this.text = text;
    }

    /// The version with this text, for example `1.0.0`.
    public static Optional<CniVersion> of(String text) {
        return Arrays.stream(values())
                .filter(version -> version.text.equals(text))
                .findFirst();
    }

    /// All texts, oldest first.
    public static List<String> texts() {
        return Arrays.stream(values()).map(CniVersion::toString).toList();
    }

    /// Whether entries of `ips` carry the member `version` ("4" or "6"), as they did before 1.0.0.
    boolean namesFamilyOfEachAddress() {
        return compareTo(V1_0_0) < 0;
    }

    /// Whether there is the verb GC, which 1.1.0 brought.
    boolean hasGarbageCollection() {
        return this == V1_1_0;
    }

    /// Whether there is the verb CHECK, which 0.4.0 brought.
    boolean hasCheck() {
        return this != V0_3_1;
    }

    /// Whether entries of `interfaces` and `routes` may carry `mtu`, which 1.1.0 brought.
    boolean knowsInterfaceMtu() {
        return this == V1_1_0;
    }

    @Override
    public String toString() {
        return text;
    }
}
