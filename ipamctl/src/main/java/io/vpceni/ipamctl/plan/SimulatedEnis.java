package io.vpceni.ipamctl.plan;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The ENIs of one node as EC2 has them, and the calls that made them so. No block is given twice.
final class SimulatedEnis {

    private final Map<EniId, Set<Cidr>> blocks = new LinkedHashMap<>();
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private int nextAddress = 10 << 24;
    private int nextPrefix = 11 << 24;
    private int nextEni;
    private int held;

    SimulatedEnis() {
        for (String call : new String[] {"AssignPrivateIpAddresses", "CreateNetworkInterface"}) {
            calls.put(call, 0);
        }
    }

    EniId born() {
        EniId eni = new EniId(String.format(Locale.ROOT, "eni-%017x", nextEni++));
        blocks.put(eni, new TreeSet<>());
        return eni;
    }

    /// Puts so many new blocks on an ENI.
    Set<Cidr> assign(EniId eni, BlockKind kind, int count) {
        Set<Cidr> fresh = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            fresh.add(fresh(kind));
        }
        of(eni).addAll(fresh);
        held += count * (int) kind.addresses();
        return fresh;
    }

    void unassign(EniId eni, Iterable<Cidr> gone) {
        for (Cidr block : gone) {
            if (of(eni).remove(block)) {
                held -= (int) BlockKind.of(block).addresses();
            }
        }
    }

    void remove(EniId eni) {
        unassign(eni, Set.copyOf(of(eni)));
        blocks.remove(eni);
    }

    Set<Cidr> of(EniId eni) {
        return Optional.ofNullable(blocks.get(eni)).orElseThrow();
    }

    boolean has(EniId eni) {
        return blocks.containsKey(eni);
    }

    /// In the order in which they were plugged in.
    Iterable<EniId> ids() {
        return blocks.keySet();
    }

    /// Addresses that pods can have or have, on all of them.
    int held() {
        return held;
    }

    void count(String... names) {
        for (String name : names) {
            calls.merge(name, 1, Integer::sum);
        }
    }

    SortedMap<String, Integer> calls() {
        return new TreeMap<>(calls);
    }

    private Cidr fresh(BlockKind kind) {
        if (kind == BlockKind.PREFIX) {
            nextPrefix += (int) kind.addresses();
            return Cidr.containing(address(nextPrefix), kind.prefixBits());
        }
        return Cidr.containing(address(++nextAddress), kind.prefixBits());
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
