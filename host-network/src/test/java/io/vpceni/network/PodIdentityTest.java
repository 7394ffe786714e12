package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PodIdentityTest {

    private final PodIdentity identity = new PodIdentity("vpc-eni", "c0ffee", "eth0");

    @Test
    void theNameIsThePrefixAndElevenDigitsOfTheKeysHash() { // printf 'vpc-eni\0c0ffee\0eth0' | sha1sum
        assertThat(identity.hostInterface("eni")).isEqualTo("eni0f6a58063dc");
    }

    @Test
    void theAliasNamesKeyAndPod() {
        String alias = identity.alias("default", "web-0");

        assertThat(alias).isEqualTo("vpc-eni/1 vpc-eni c0ffee eth0 default/web-0");
        assertThat(PodIdentity.parse(alias)).contains(new PodIdentity.Alias(identity, "default", "web-0"));
    }

    @Test
    void aLongPodNameIsCutAndTheKeyIsNot() {
        String alias = identity.alias("default", "x".repeat(253));

        assertThat(alias).hasSize(255);
        assertThat(PodIdentity.parse(alias).orElseThrow().identity()).isEqualTo(identity);
    }

    @Test
    void othersAliasesAreNotOurs() {
        assertThat(PodIdentity.parse("")).isEmpty();
        assertThat(PodIdentity.parse("vpc-eni/2 a b c d/e")).isEmpty();
        assertThat(PodIdentity.parse("vpc-eni/1 a b")).isEmpty();
    }

    @Test
    void aKeyThatCannotBeWrittenDownIsRefused() {
        assertThatThrownBy(() -> new PodIdentity("a b", "c", "eth0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PodIdentity("a", "c", "sixteen-letters-"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PodIdentity("a".repeat(240), "c", "eth0"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
