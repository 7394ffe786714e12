package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// One message to the kernel, without its `struct nlmsghdr`: the socket writes that, with length and sequence number.
public final class NetlinkRequest {

    /// `linux/netlink.h`.
    static final int NLM_F_REQUEST = 0x1;

    static final int NLM_F_ACK = 0x4;
    static final int NLM_F_REPLACE = 0x100;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLM_F_APPEND = 0x800;
    static final int NLM_F_DUMP = 0x300;

    /// Our requests have less than 400 bytes.
    static final int BODY_BYTES_MAX = 1024;

    private final int type;
    private final String typeName;
    private final int flags;
    private final String subject;
    private final byte[] body;

    private NetlinkRequest(int type, String typeName, int flags, String subject, byte[] body) {
        this.type = type;
        this.typeName = typeName;
        this.flags = flags;
        this.subject = subject;
        this.body = body;
    }

    static NetlinkRequest of(int type, String typeName, int flags, String subject, Consumer<ByteBuffer> body) {
        ByteBuffer out = ByteBuffer.allocate(BODY_BYTES_MAX).order(ByteOrder.nativeOrder());
        body.accept(out);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return new NetlinkRequest(type, typeName, flags, subject, bytes);
    }

    int type() {
        return type;
    }

    /// As in the kernel's headers: `RTM_NEWRULE`.
    String typeName() {
        return typeName;
    }

    int flags() {
        return flags;
    }

    /// In the words of `ip(8)`.
    String subject() {
        return subject;
    }

    byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return typeName + " " + subject;
    }
}
