package io.vpceni.cni.libc;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;
import org.teavm.interop.Unmanaged;
import org.teavm.runtime.GC;

/// The memory of one execution: it grows up to a bound and nothing of it is ever freed or moved.
///
/// `RuntimeMends` puts this in the place of TeaVM's garbage collector. An execution runs for two minutes at most,
/// and what it allocates in them is bounded (`ExecutableMemoryTest`), so there is nothing to collect.
///
/// This runs inside an allocation: it must allocate nothing itself.
@Unmanaged
public final class Memory {
    private static final int STEP_BYTES = 1 << 20;
    private static final int CHUNK_HEADER_BYTES = 8; // which GC.alloc wants to have behind what it gives
    private static final int PROT_READ_WRITE = 1 | 2; // include/uapi/asm-generic/mman-common.h
    private static final int STDOUT = 1;

    @SuppressWarnings("NonFinalStaticField") // the allocator is static
    private static byte @Nullable [] lastWords;

    private Memory() {}

    /// What goes to stdout when the bound is reached; the exit code is 1 then.
    static void lastWords(byte[] text) {
        lastWords = text;
    }

    /// Makes room for an object.
    ///
    /// @param end where the memory in use ends
    /// @param bytes of the object
    /// @return where the memory that may be used now ends
    public static Address grown(Address end, int bytes) {
        long committed = GC.availableBytes();
        long wanted = end.toLong() - GC.heapAddress().toLong() + bytes + CHUNK_HEADER_BYTES + 1;
        long steps = (wanted - committed) / STEP_BYTES + 1;
        long grown = committed + steps * STEP_BYTES;
        if (grown > GC.maxAvailableBytes()) {
            grown = GC.maxAvailableBytes();
        }
        // TeaVM does not look whether the kernel gave it.
        if (grown < wanted || Libc.mprotect(GC.heapAddress().add(committed), grown - committed, PROT_READ_WRITE) != 0) {
            end();
        }
        GC.resizeHeap(grown);
        return GC.heapAddress().add(grown);
    }

    private static void end() {
        byte[] text = lastWords;
        if (text != null) {
            Libc.write(STDOUT, Address.ofData(text), text.length);
        }
        Libc.exitNow(1);
    }
}
