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

/// The links that pods may send by, by link and by pod: every ADD and DEL looks one up, so nothing is searched for. A
/// pod has several while a link of an earlier wiring of it is still there. From any thread.
final class PodHostLinks {

    private final Map<Integer, PodFilter.Sender> byLink = new TreeMap<>();
    private final Map<PodIdentity, Set<Integer>> links = new HashMap<>();

    /// @return what was on that link before
    synchronized Optional<PodFilter.Sender> put(PodFilter.Sender sender) {
        Optional<PodFilter.Sender> before = remove(sender.linkIndex());
        byLink.put(sender.linkIndex(), sender);
        links.computeIfAbsent(sender.identity(), _ -> new HashSet<>()).add(sender.linkIndex());
        return before;
    }

    /// All links of that pod.
    synchronized List<PodFilter.Sender> removeOf(PodIdentity identity) {
        return List.copyOf(links.getOrDefault(identity, Set.of())).stream()
                .map(this::remove)
                .flatMap(Optional::stream)
                .toList();
    }

    /// Those links of those pods that are still theirs.
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
