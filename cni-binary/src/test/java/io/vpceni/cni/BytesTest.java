package io.vpceni.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void growUpToTheirBoundAndNoFurther() {
        Bytes bytes = new Bytes(1_000);
        for (int i = 0; i < 1_000; i++) {
            bytes.add(i);
        }

        assertThat(bytes.toArray()).hasSize(1_000).endsWith((byte) 998, (byte) 999);
        assertThatThrownBy(() -> bytes.add(1)).isInstanceOf(IllegalStateException.class);
        assertThat(bytes.length()).isEqualTo(1_000);
    }

    @Test
    void numbersAreBigEndian() {
        assertThat(new Bytes(10).addNumber(0x01020304, 4).addNumber(0xfefd, 2).toArray())
                .containsExactly(1, 2, 3, 4, 0xfe, 0xfd);
    }

    @Test
    void aPartIsAdded() {
        assertThat(new Bytes(10).add(new byte[] {1, 2, 3, 4}, 1, 2).toArray()).containsExactly(2, 3);
    }

    @Test
    void whatIsCutOffIsForgottenAndWhatStandsIsReplaced() {
        Bytes bytes = new Bytes(10).add(new byte[] {1, 2, 3, 4, 5});
        bytes.cutTo(3);
        bytes.cutTo(7);
        bytes.setNumber(1, 0x0a0b, 2);

        assertThat(bytes.add(9).toArray()).containsExactly(1, 0x0a, 0x0b, 9);
        assertThat(bytes.length()).isEqualTo(4);
    }
}
