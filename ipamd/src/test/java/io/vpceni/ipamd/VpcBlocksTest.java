package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Imds;
import io.vpceni.eni.ImdsEni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.NodeIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
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
    private final List<List<Cidr>> used = new ArrayList<>();
    private boolean refused;
    private int asked;

    @BeforeEach
    void start() {
        blocks.learn(List.of(FIRST));
    }

    @Override
    public NodeIdentity identity() {
        throw new AssertionError("the blocks are all that is asked for");
    }

    @Override
    public List<Cidr> vpcCidrs() throws ImdsFailure {
        asked++;
        if (told.isEmpty()) {
            throw new ImdsFailure(ImdsFailure.Kind.UNREACHABLE, "mac", "no answer", null);
        }
        return told;
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
    void aBlockThatTheVpcGetsLaterIsTakenIntoUseOnce() {
        look();
        assertThat(used).isEmpty();

        told = List.of(FIRST, ADDED);
        look();
        look();

        assertThat(used).containsExactly(List.of(FIRST, ADDED));
        assertThat(blocks.having(Set.of(IN_FIRST, IN_ADDED, OUTSIDE))).containsExactlyInAnyOrder(IN_FIRST, IN_ADDED);
    }

    /// However many rules name addresses outside of the VPC.
    @Test
    void imdsIsAskedByLooksOnly() {
        assertThat(blocks.having(Set.of(IN_FIRST, OUTSIDE))).containsExactly(IN_FIRST);
        assertThat(asked).isZero();
        look();
        assertThat(asked).isOne();
    }

    @Test
    void whatIsKnownStaysWhenImdsFailsOrLeavesItOut() {
        told = List.of(FIRST, ADDED);
        look();

        told = List.of(FIRST);
        look();
        told = List.of(); // fails
        look();

        assertThat(used).hasSize(1);
        assertThat(blocks.having(Set.of(IN_ADDED, OUTSIDE))).containsExactly(IN_ADDED);
    }

    /// Also when IMDS has failed since.
    @Test
    void whatCouldNotBeTakenIntoUseIsWithTheNextLook() {
        told = List.of(FIRST, ADDED);
        refused = true;
        look();
        assertThat(used).isEmpty();

        told = List.of(); // fails
        refused = false;
        look();

        assertThat(used).containsExactly(List.of(FIRST, ADDED));
    }

    private void look() {
        blocks.look(all -> {
            if (refused) {
                throw new IOException("busy");
            }
            used.add(all);
        });
    }
}
