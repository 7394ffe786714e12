package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AwsLinkNameTest {
    /// `printf default.web-0 | sha1sum`.
    @Test
    void a_name_is_the_prefix_and_the_hash_of_namespace_and_pod() {
        assertThat(AwsLinkName.of("eni", "default", "web-0")).isEqualTo("eni0d7763386da");
        assertThat(AwsLinkName.suffix("kube-system", "coredns-6d8c4cb4d-abcde")).isEqualTo("cb2b687b169");
    }

    @Test
    void half_a_name_is_refused() {
        assertThatThrownBy(() -> AwsLinkName.suffix("", "web-0")).hasMessageContaining("'/web-0'");
        assertThatThrownBy(() -> AwsLinkName.suffix("default", "")).hasMessageContaining("'default/'");
    }
}
