package io.vpceni.lab.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Cards in any order, each once before one comes again. For one thread.
final class ShuffledCycle<T> {
    private final List<T> all;
    private final RandomGenerator random;
    private final List<T> left = new ArrayList<>();

    ShuffledCycle(List<T> all, RandomGenerator random) {
        this.all = List.copyOf(all);
        this.random = random;
    }

    int size() {
        return all.size();
    }

    T next() {
        if (left.isEmpty()) {
            left.addAll(all);
            for (int last = left.size() - 1; last > 0; last--) {
                Collections.swap(left, last, random.nextInt(last + 1));
            }
        }
        return left.removeLast();
    }
}
