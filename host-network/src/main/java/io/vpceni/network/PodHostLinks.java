package io.vpceni.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The links by which pods may send, by link and by pod: every ADD and DEL looks one up, so there is no linear
/// search. A pod has several links while a link of its earlier wiring still exists. May be called from any thread.
final class PodHostLinks {

    private final Map<Integer, PodFilter.Sender> byLink = new TreeMap<>();
    private final Map<PodIdentity, Set<Integer>> links = new HashMap<>();

    /// @return the previous sender on that link
    synchronized Optional<PodFilter.Sender> put(PodFilter.Sender sender) {
        Optional<PodFilter.Sender> before = remove(sender.linkIndex());
        byLink.put(sender.linkIndex(), sender);
        links.computeIfAbsent(sender.identity(), _ -> new HashSet<>()).add(sender.linkIndex());
        return before;
    }

    /// Removes all links of that pod.
    synchronized List<PodFilter.Sender> removeOf(PodIdentity identity) {
        return List.copyOf(links.getOrDefault(identity, Set.of())).stream()
                .map(this::remove)
                .flatMap(Optional::stream)
                .toList();
    }

    /// Removes the links of these pods, except a link that belongs to another pod by now.
    synchronized List<PodFilter.Sender> removeAll(Collection<WiredPods.Entry> pods) {
        List<PodFilter.Sender> removed = new ArrayList<>();
        for (WiredPods.Entry pod : pods) {
            if (links.getOrDefault(pod.identity(), Set.of()).contains(pod.linkIndex())) {
                remove(pod.linkIndex()).ifPresent(removed::add);
            }
        }
        return removed;
    }

    private Optional<PodFilter.Sender> remove(int linkIndex) {
        Optional<PodFilter.Sender> removed = Optional.ofNullable(byLink.remove(linkIndex));
        removed.ifPresent(sender -> links.computeIfPresent(sender.identity(), (_, ofPod) -> {
            ofPod.remove(linkIndex);
            return ofPod.isEmpty() ? null : ofPod;
        }));
        return removed;
    }

    /// Sorted by link.
    synchronized List<PodFilter.Sender> all() {
        return List.copyOf(byLink.values());
    }
}
