package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.AwsLinkName;
import io.vpceni.config.PodName;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Which pod has an address when the host route to it leads over a link of another CNI plugin. The journal and the
/// checkpoint of the AWS VPC CNI may each name a pod, and either may be the older one: the node may have moved from one
/// plugin to the other more than once since it booted.
///
/// The link's name decides, where it is derived from a pod's name; otherwise the later claim counts. A claim that the
/// link's name contradicts is ignored, even when it is the only one: its DEL would take the address from a running pod.
final class ForeignClaims {
    private static final Comparator<Claim> OLDER_FIRST =
            Comparator.comparing(Claim::at).thenComparing(Claim::fromJournal);

    /// A pod that has the address, as one source says.
    ///
    /// @param at when the source was written
    /// @param fromJournal else from the checkpoint
    record Claim(AttachmentKey key, PodName pod, Instant at, boolean fromJournal) {}

    private final Map<InetAddress, JournalRecord.Assigned> journal;
    private final Map<InetAddress, CheckpointEntry> checkpoint = new HashMap<>();

    /// @param journal by address, the last that was told
    ForeignClaims(Map<InetAddress, JournalRecord.Assigned> journal, List<CheckpointEntry> checkpoint) {
        this.journal = journal;
        for (CheckpointEntry entry : checkpoint) {
            this.checkpoint.merge(entry.address(), entry, (a, b) -> a.at().isAfter(b.at()) ? a : b);
        }
    }

    /// The pod that has the address; empty when no source names one.
    ///
    /// @param link name of the link that the host route leads over
    Optional<Claim> of(InetAddress address, String link) {
        List<Claim> claims = Stream.concat(ofJournal(address).stream(), ofCheckpoint(address).stream())
                .filter(claim -> !contradicts(link, claim.pod()))
                .toList();
        Optional<Claim> named = latest(claims.stream().filter(claim -> isNamedFor(link, claim.pod())));
        return named.isPresent() ? named : latest(claims.stream());
    }

    private static Optional<Claim> latest(Stream<Claim> claims) {
        return claims.max(OLDER_FIRST);
    }

    private Optional<Claim> ofJournal(InetAddress address) {
        return Optional.ofNullable(journal.get(address))
                .filter(ForeignClaims::isOfSomebody)
                .map(entry -> {
                    AttachmentKey key = entry.assignment().key();
                    PodName pod = entry.assignment().pod();
                    return new Claim(key, isWhole(pod) ? pod : podOf(key).orElse(pod), entry.at(), true);
                });
    }

    private Optional<Claim> ofCheckpoint(InetAddress address) {
        return Optional.ofNullable(checkpoint.get(address))
                .filter(entry -> !KernelPod.isForeign(entry.key()))
                .map(entry -> new Claim(entry.key(), entry.pod(), entry.at(), false));
    }

    /// Not of an address that was kept for an unknown pod: that says nothing about who has it.
    private static boolean isOfSomebody(JournalRecord.Assigned entry) {
        return !KernelPod.isForeign(entry.assignment().key());
    }

    /// What the checkpoint calls the pod of a sandbox that the journal has no name for.
    private Optional<PodName> podOf(AttachmentKey key) {
        return checkpoint.values().stream()
                .filter(entry -> entry.key().equals(key))
                .map(CheckpointEntry::pod)
                .findFirst();
    }

    private static boolean isWhole(PodName pod) {
        return !pod.namespace().isEmpty() && !pod.name().isEmpty();
    }

    private static boolean isNamedFor(String link, PodName pod) {
        return isWhole(pod) && link.endsWith(AwsLinkName.suffix(pod.namespace(), pod.name()));
    }

    private static boolean contradicts(String link, PodName pod) {
        return isWhole(pod) && !isNamedFor(link, pod) && isNamedForSomePod(link);
    }

    private static boolean isNamedForSomePod(String link) {
        return link.length() >= AwsLinkName.SUFFIX_DIGITS
                && link.substring(link.length() - AwsLinkName.SUFFIX_DIGITS)
                        .chars()
                        .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
