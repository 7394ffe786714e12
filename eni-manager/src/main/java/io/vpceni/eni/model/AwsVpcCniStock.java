package io.vpceni.eni.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the AWS VPC CNI knows of its addresses, counted as it counts: a cooling address is available there, though no
/// pod can have it.
public final class AwsVpcCniStock {

    /// One address. Nobody's when `pod` is null.
    private static final class HeldAddress {
        private @Nullable String pod;
        private @Nullable Instant released;

        private boolean cools(Instant now, Duration cooldown) {
            return released != null && !now.isAfter(released.plus(cooldown));
        }
    }

    /// A secondary address or a prefix.
    public static final class HeldBlock {
        private final List<HeldAddress> addresses = new ArrayList<>();

        private HeldBlock(int size) {
            for (int i = 0; i < size; i++) {
                addresses.add(new HeldAddress());
            }
        }

        public boolean isFree() {
            return addresses.stream().allMatch(address -> address.pod == null);
        }
    }

    /// An ENI.
    public static final class HeldEni {
        private final Instant addedAt;
        private final List<HeldBlock> blocks = new ArrayList<>();

        private HeldEni(Instant addedAt) {
            this.addedAt = addedAt;
        }

        Instant addedAt() {
            return addedAt;
        }

        public List<HeldBlock> blocks() {
            return Collections.unmodifiableList(blocks);
        }

        /// Addresses, whoever has them.
        public int size() {
            return blocks.stream().mapToInt(block -> block.addresses.size()).sum();
        }

        boolean isFree() {
            return blocks.stream().allMatch(HeldBlock::isFree);
        }

        boolean cools(Instant now, Duration cooldown) {
            return blocks.stream()
                    .flatMap(block -> block.addresses.stream())
                    .anyMatch(address -> address.cools(now, cooldown));
        }
    }

    private final List<HeldEni> enis = new ArrayList<>();
    private final Map<String, HeldAddress> byPod = new HashMap<>();
    private int total;

    /// With the primary ENI, and nothing on it.
    AwsVpcCniStock(Instant now) {
        enis.add(new HeldEni(now));
    }

    /// In the order in which they came; the primary one first.
    public List<HeldEni> enis() {
        return Collections.unmodifiableList(enis);
    }

    /// Addresses, whoever has them.
    public int total() {
        return total;
    }

    /// Addresses that pods have.
    public int assigned() {
        return byPod.size();
    }

    /// What it takes for stock: all that no pod has, cooling or not.
    public int available() {
        return available(total, assigned());
    }

    /// The same of any node.
    ///
    /// @param total addresses that it holds
    /// @param assigned of them, those that pods have
    public static int available(int total, int assigned) {
        return total - assigned;
    }

    int blocks() {
        return enis.stream().mapToInt(eni -> eni.blocks.size()).sum();
    }

    int freeBlocks() {
        return (int) enis.stream()
                .flatMap(eni -> eni.blocks.stream())
                .filter(HeldBlock::isFree)
                .count();
    }

    void add(HeldEni eni, int blocks, int blockSize) {
        for (int i = 0; i < blocks; i++) {
            eni.blocks.add(new HeldBlock(blockSize));
        }
        total += blocks * blockSize;
    }

    void addEni(Instant now, int blocks, int blockSize) {
        HeldEni eni = new HeldEni(now);
        enis.add(eni);
        add(eni, blocks, blockSize);
    }

    void remove(HeldEni eni) {
        enis.remove(eni);
        total -= eni.size();
    }

    /// @param most that many blocks at most
    /// @return how many went
    int removeFreeBlocks(HeldEni eni, int most) {
        int gone = 0;
        for (HeldBlock block : List.copyOf(eni.blocks)) {
            if (gone < most && block.isFree()) {
                eni.blocks.remove(block);
                total -= block.addresses.size();
                gone++;
            }
        }
        return gone;
    }

    /// @return whether the block had an address that is free and does not cool
    boolean assign(String pod, HeldBlock block, Instant now, Duration cooldown) {
        for (HeldAddress address : block.addresses) {
            if (address.pod == null && !address.cools(now, cooldown)) {
                address.pod = pod;
                byPod.put(pod, address);
                return true;
            }
        }
        return false;
    }

    /// @return whether the pod had an address
    boolean release(String pod, Instant now) {
        HeldAddress address = byPod.remove(pod);
        if (address == null) {
            return false;
        }
        address.pod = null;
        address.released = now;
        return true;
    }
}
