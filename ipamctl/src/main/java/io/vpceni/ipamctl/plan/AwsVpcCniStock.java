package io.vpceni.ipamctl.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the AWS VPC CNI knows of its addresses, counted as it counts: a cooling address is available there, though no
/// pod can have it.
final class AwsVpcCniStock {

    /// One address. Nobody's when `pod` is null.
    static final class Address {
        @Nullable
        String pod;

        @Nullable
        Instant released;

        boolean cools(Instant now, Duration cooldown) {
            return released != null && !now.isAfter(released.plus(cooldown));
        }
    }

    /// A secondary address or a prefix.
    record Block(List<Address> addresses) {
        Block(int size) {
            this(new ArrayList<>());
            for (int i = 0; i < size; i++) {
                addresses.add(new Address());
            }
        }

        boolean isFree() {
            return addresses.stream().allMatch(address -> address.pod == null);
        }
    }

    /// An ENI.
    record Eni(Instant born, List<Block> blocks) {
        boolean isFree() {
            return blocks.stream().allMatch(Block::isFree);
        }

        int size() {
            return blocks.stream().mapToInt(block -> block.addresses().size()).sum();
        }
    }

    final List<Eni> enis = new ArrayList<>();
    int total;
    int assigned;

    int available() {
        return total - assigned;
    }

    int blocks() {
        return enis.stream().mapToInt(eni -> eni.blocks().size()).sum();
    }

    int freeBlocks() {
        return (int) enis.stream()
                .flatMap(eni -> eni.blocks().stream())
                .filter(Block::isFree)
                .count();
    }

    void add(Eni eni, int blocks, int blockSize) {
        for (int i = 0; i < blocks; i++) {
            eni.blocks().add(new Block(blockSize));
        }
        total += blocks * blockSize;
    }
}
