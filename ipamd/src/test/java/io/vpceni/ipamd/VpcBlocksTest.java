package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.NodeIdentity;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VpcBlocksTest implements Imds {

    private static final Cidr FIRST = Cidr.parse("10.0.0.0/16");
    private static final Cidr ADDED = Cidr.parse("100.64.0.0/16");
    private static final InetAddress IN_FIRST = InetAddress.ofLiteral("10.0.1.21");
    private static final InetAddress IN_ADDED = InetAddress.ofLiteral("100.64.1.21");
    private static final InetAddress OUTSIDE = InetAddress.ofLiteral("192.168.1.21");

    private final VpcBlocks blocks = new VpcBlocks(this);
    private List<Cidr> told = List.of(FIRST);
    private int asked;

    @BeforeEach
    void start() {
        blocks.learn(List.of(FIRST));
    }

    @Override
    public NodeIdentity identity() throws ImdsFailure {
        asked++;
        if (told.isEmpty()) {
            throw new ImdsFailure(ImdsFailure.Kind.UNREACHABLE, "mac", "no answer", null);
        }
        return new NodeIdentity(
                "i-0a",
                "m5.large",
                "eu-west-1",
                "eu-west-1a",
                "vpc-0a",
                "subnet-0a",
                List.of("sg-0a"),
                told,
                MacAddress.parse("02:00:00:00:00:0a"),
                InetAddress.ofLiteral("10.0.0.10"));
    }

    @Override
    public List<ImdsEni> enis() {
        return List.of();
    }

    @Override
    public boolean isEnding() {
        return false;
    }

    @Test
    void aBlockThatTheVpcGotAfterTheStartIsKnownWhenAnAddressOfItIsAskedFor() {
        told = List.of(FIRST, ADDED);

        assertThat(blocks.having(Set.of(IN_FIRST, IN_ADDED, OUTSIDE))).containsExactlyInAnyOrder(IN_FIRST, IN_ADDED);
    }

    @Test
    void imdsIsNotAskedForAddressesOfKnownBlocks() {
        assertThat(blocks.having(Set.of(IN_FIRST))).containsExactly(IN_FIRST);
        assertThat(blocks.having(Set.of())).isEmpty();

        assertThat(asked).isZero();
    }

    @Test
    void whatIsKnownStaysWhenImdsFailsOrLeavesItOut() {
        told = List.of(FIRST, ADDED);
        assertThat(blocks.having(Set.of(IN_ADDED))).containsExactly(IN_ADDED);

        told = List.of(FIRST);
        assertThat(blocks.having(Set.of(IN_ADDED, OUTSIDE))).containsExactly(IN_ADDED);

        told = List.of(); // fails
        assertThat(blocks.having(Set.of(IN_ADDED, OUTSIDE))).containsExactly(IN_ADDED);
        assertThat(asked).isEqualTo(3);
    }
}
