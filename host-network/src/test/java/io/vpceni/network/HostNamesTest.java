package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import org.junit.jupiter.api.Test;

class HostNamesTest {

    private final HostNames names = new HostNames("eni");
    private final PodIdentity identity = new PodIdentity(new AttachmentKey("vpc-eni", "c0ffee", "eth0"));

    @Test
    void theFirstChoiceIsTheAwsVpcCnis() { // printf shop.cart-0 | sha1sum | cut -c1-11
        assertThat(names.of(identity, new PodName("shop", "cart-0")))
                .containsExactly("eni18582a65b10", "eni0f6a58063dc");
        assertThat(names.ofPod(identity, new PodName("shop", "cart-0"))).contains("eni18582a65b10");
    }

    @Test
    void aPodThatIsNotNamedHasTheKeysNameOnly() {
        assertThat(names.of(identity, PodName.UNKNOWN)).containsExactly("eni0f6a58063dc");
        assertThat(names.of(identity, new PodName("shop", ""))).containsExactly("eni0f6a58063dc");
    }

    @Test
    void aFurtherInterfaceHasTheKeysNameOnly() {
        PodIdentity further = new PodIdentity(new AttachmentKey("vpc-eni", "c0ffee", "net1"));

        assertThat(names.of(further, new PodName("shop", "cart-0")))
                .singleElement()
                .isNotIn(names.of(identity, new PodName("shop", "cart-0")));
    }

    @Test
    void everyNameFitsIntoAnInterfaceName() {
        assertThat(new HostNames("eni1").of(identity, new PodName("shop", "cart-0")))
                .allSatisfy(name -> assertThat(name).hasSize(15));
    }
}
