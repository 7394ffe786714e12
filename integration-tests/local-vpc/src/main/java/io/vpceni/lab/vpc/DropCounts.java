package io.vpceni.lab.vpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How many packets the fabric has dropped, by reason, and how many it has passed.
///
/// @param passed by ENI id: packets from the ENI that were passed
/// @param spoofed by ENI id: packets from the ENI with a source address that is not the ENI's, and ARP requests with
///     such a sender, which precede a packet to an unknown neighbour
/// @param unknownDestination to an address of the VPC that no attached ENI has
/// @param unmappedSource to the internet with a source address that is not an ENI's primary one
/// @param notUnicast broadcast and multicast
public record DropCounts(
        SortedMap<String, Long> passed,
        SortedMap<String, Long> spoofed,
        long unknownDestination,
        long unmappedSource,
        long notUnicast) {
    public DropCounts {
        passed = Collections.unmodifiableSortedMap(new TreeMap<>(passed));
        spoofed = Collections.unmodifiableSortedMap(new TreeMap<>(spoofed));
    }

    /// Reads what `nft -j list counters` prints.
    static DropCounts parse(String json) throws JsonProcessingException {
        SortedMap<String, Long> counters = new TreeMap<>();
        for (JsonNode item : new ObjectMapper().readTree(json).path("nftables")) {
            JsonNode counter = item.path("counter");
            if (!counter.isMissingNode()) {
                counters.put(
                        counter.path("name").asText(), counter.path("packets").asLong());
            }
        }
        SortedMap<String, Long> spoofed = byEni(counters, "spoofed_eni_");
        byEni(counters, "arp_spoofed_eni_").forEach((eniId, requests) -> spoofed.merge(eniId, requests, Long::sum));
        return new DropCounts(
                byEni(counters, "passed_eni_"),
                spoofed,
                counters.getOrDefault("unknown_destination", 0L),
                counters.getOrDefault("unmapped_source", 0L),
                counters.getOrDefault("not_unicast", 0L));
    }

    /// Packets with a foreign source address, of all ENIs.
    public long spoofedInAll() {
        return spoofed.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Dropped packets without broadcast and multicast, which a VPC never carries.
    public long lostInAll() {
        return spoofedInAll() + unknownDestination + unmappedSource;
    }

    private static SortedMap<String, Long> byEni(SortedMap<String, Long> counters, String prefix) {
        SortedMap<String, Long> counts = new TreeMap<>();
        counters.forEach((name, packets) -> {
            if (name.startsWith(prefix)) {
                counts.put("eni-" + name.substring(prefix.length()), packets);
            }
        });
        return counts;
    }
}
