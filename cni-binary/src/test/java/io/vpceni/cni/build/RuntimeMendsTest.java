package io.vpceni.cni.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What TeaVM wrote for the executable.
class RuntimeMendsTest {
    @Test
    void thereIsNoCollectorToRun() throws IOException {
        assertThat(generated("c/o/t/r/GC.c"))
                .contains("meth_otr_GC_alloc", "meth_ivcl_Memory_grown")
                .doesNotContain("meth_otr_GC_mark", "meth_otr_GC_sweep", "meth_otr_GC_defragment");
    }

    /// It decides how many bytes the clone of an array gets copied: eight an item, or the items' own size.
    @Test
    void aCloneAsksTheItemsWhetherTheyArePrimitive() throws IOException {
        assertThat(generated("c/j/l/Object.c"))
                .containsPattern("isPrimitive\\(TEAVM_FIELD\\(teavm_local_[0-9]+, TeaVM_Class, itemType\\)\\)")
                .doesNotContainPattern("isPrimitive\\(teavm_local_[0-9]+\\)");
    }

    private static String generated(String file) throws IOException {
        return Files.readString(Path.of("target", "c").resolve(file));
    }
}
