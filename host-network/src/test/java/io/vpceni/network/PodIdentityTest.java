package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PodIdentityTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.9");

    private final PodIdentity identity = new PodIdentity(new AttachmentKey("vpc-eni", "c0ffee", "eth0"));

    @Test
    void theAliasNamesKeyAndPod() {
        String alias = identity.alias(ADDRESS, new PodName("default", "web-0"));

        assertThat(alias).isEqualTo("vpc-eni/1 vpc-eni c0ffee eth0 10.0.0.9 default/web-0");
        assertThat(PodIdentity.parse(alias))
                .contains(new PodIdentity.Alias(identity, ADDRESS, new PodName("default", "web-0")));
    }

    @Test
    void aLongPodNameIsCutAndTheKeyIsNot() {
        String alias = identity.alias(ADDRESS, new PodName("default", "x".repeat(253)));

        assertThat(alias).hasSize(255);
        assertThat(PodIdentity.parse(alias).orElseThrow().identity()).isEqualTo(identity);
    }

    @Test
    void othersAliasesAreNotOurs() {
        assertThat(PodIdentity.parse("")).isEmpty();
        assertThat(PodIdentity.parse("vpc-eni/2 a b c 10.0.0.9 d/e")).isEmpty();
        assertThat(PodIdentity.parse("vpc-eni/1 a b")).isEmpty();
        assertThat(PodIdentity.parse("vpc-eni/1 a b c no-address d/e")).isEmpty();
    }

    @Test
    void aKeyThatCannotBeWrittenDownIsRefused() {
        assertThatThrownBy(() -> new PodIdentity(new AttachmentKey("a b", "c", "eth0")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PodIdentity(new AttachmentKey("a", "c", "sixteen-letters-")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PodIdentity(new AttachmentKey("a".repeat(240), "c", "eth0")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// No such name in Kubernetes, but other runtimes pass what they like.
    @Test
    void aPodsNameWithBlanksIsReadBack() {
        PodIdentity identity = new PodIdentity(new AttachmentKey("vpc-eni", "c1", "eth0"));
        InetAddress address = InetAddress.ofLiteral("10.0.1.21");

        assertThat(PodIdentity.parse(identity.alias(address, new PodName("d", "a b  c"))))
                .contains(new PodIdentity.Alias(identity, address, new PodName("d", "a b  c")));
    }
}
