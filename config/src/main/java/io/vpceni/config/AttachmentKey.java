package io.vpceni.config;

import java.util.Comparator;

/// What CNI calls an attachment: the key under which an address is given out (CNI specification 1.1, section 2).
///
/// A second sandbox of the same pod has another container id and so is another key.
public record AttachmentKey(String network, String containerId, String interfaceName)
        implements Comparable<AttachmentKey> {

    private static final Comparator<AttachmentKey> ORDER = Comparator.comparing(AttachmentKey::network)
            .thenComparing(AttachmentKey::containerId)
            .thenComparing(AttachmentKey::interfaceName);

    @Override
    public int compareTo(AttachmentKey other) {
        return ORDER.compare(this, other);
    }
}
