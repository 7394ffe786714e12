package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Rules as the kernel tells them, in the form in which iptables-nft makes them.
class NftDumpTest {

    @Test
    void theCommentOfARuleOfIptablesStandsInAnExtension() {
        byte[] info = Arrays.copyOf("AWS, primary ENI".getBytes(StandardCharsets.US_ASCII), 256);
        ByteBuffer body = rule(expressions -> {
            expression(expressions, "meta", data -> Attributes.putInt(data, 1, 1));
            expression(expressions, "match", data -> {
                Attributes.putText(data, 1, "comment");
                Attributes.putInt(data, 2, 0);
                Attributes.put(data, 3, info);
            });
            expression(expressions, "counter", data -> {});
            expression(expressions, "match", data -> {
                Attributes.putText(data, 1, "addrtype");
                Attributes.put(data, 3, new byte[8]);
            });
        });

        NftDump.NftRule rule = NftDump.decode(body);

        assertThat(rule.comment()).isEqualTo("AWS, primary ENI");
        assertThat(rule.jumps()).isEmpty();
        assertThat(rule.chain()).isEqualTo(new NftDump.Chain("mangle", "PREROUTING"));
        assertThat(rule.handle()).isEqualTo(7);
    }

    @Test
    void aJumpStandsInAnImmediateVerdict() {
        ByteBuffer body = rule(expressions -> expression(expressions, "immediate", data -> {
            Attributes.putInt(data, 1, 0);
            Attributes.nest(
                    data,
                    2,
                    value -> Attributes.nest(value, 2, verdict -> {
                        Attributes.putInt(verdict, 1, 0xfdffffff); // NFT_JUMP in network order
                        Attributes.putText(verdict, 2, "AWS-SNAT-CHAIN-0");
                    }));
        }));

        assertThat(NftDump.decode(body).jumps()).containsExactly("AWS-SNAT-CHAIN-0");
        assertThat(NftDump.decode(body).comment()).isEmpty();
    }

    @Test
    void nftsOwnCommentStandsInTheUserData() {
        ByteBuffer body = rule(_ -> {});
        byte[] comment = "AWS, CONNMARK\0".getBytes(StandardCharsets.US_ASCII);
        byte[] userData = new byte[4 + 2 + comment.length];
        userData[0] = 1; // NFTNL_UDATA_RULE_EBTABLES_POLICY
        userData[1] = 2;
        userData[5] = (byte) comment.length;
        System.arraycopy(comment, 0, userData, 6, comment.length);
        ByteBuffer longer =
                ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder()).put(body);
        Attributes.put(longer, 7, userData);

        assertThat(NftDump.decode(longer.flip()).comment()).isEqualTo("AWS, CONNMARK");
    }

    /// `struct nfgenmsg`, then the attributes of a rule.
    private static ByteBuffer rule(Consumer<ByteBuffer> expressions) {
        ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());
        out.putInt(2);
        Attributes.putText(out, 1, "mangle");
        Attributes.putText(out, 2, "PREROUTING");
        Attributes.put(out, 3, new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
        Attributes.nest(out, 4, expressions);
        return out.flip();
    }

    private static void expression(ByteBuffer out, String name, Consumer<ByteBuffer> data) {
        Attributes.nest(out, 1, element -> {
            Attributes.putText(element, 1, name);
            Attributes.nest(element, 2, data);
        });
    }
}
