package io.vpceni.lab.bench;

import java.util.List;

/// How much is measured.
///
/// @param calls of `floor` and of `version`
/// @param oneByOne pods of `add-1` and `del-1`
/// @param atOnce pods of `add-16` and `del-16`
/// @param levels numbers of pods at which `add-1@...` begins, ascending
/// @param perLevel pods that `add-1@...` adds
/// @param pairs of ADD and DEL before ipamd's memory is read, including those of the series
public record BenchSizes(int calls, int oneByOne, int atOnce, List<Integer> levels, int perLevel, int pairs) {
    /// Secondary addresses of 15 ENIs with 50 addresses each.
    static final int ADDRESSES_MAX = 15 * 49;

    public BenchSizes {
        levels = List.copyOf(levels);
    }

    /// The sizes that the figures of `docs/performance.md` are for.
    public static BenchSizes full() {
        return new BenchSizes(200, 200, 400, List.of(0, 250, 700), 30, 0);
    }

    /// A tenth, to test the benchmark.
    public static BenchSizes quick() {
        return new BenchSizes(20, 20, 40, List.of(0, 25, 70), 5, 0);
    }

    public BenchSizes withPairs(int changed) {
        return new BenchSizes(calls, oneByOne, atOnce, levels, perLevel, changed);
    }

    /// The largest number of sandboxes at a time.
    int sandboxes() {
        return Math.max(Math.max(oneByOne, atOnce), levels.getLast() + perLevel);
    }
}
