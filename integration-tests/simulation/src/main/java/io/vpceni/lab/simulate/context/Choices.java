package io.vpceni.lab.simulate.context;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Every random choice of a run, drawn from a seed and written down step by step, or read from what was written down.
///
/// Zero always means the ordinary thing, so that little happens in a shrunk run.
public final class Choices {

    private final @Nullable SplittableRandom random;
    private final List<int[]> given;
    private final List<int[]> taken = new ArrayList<>();
    private int[] step = new int[16];
    private int used;
    private int[] script = {};
    private boolean inStep;

    private Choices(@Nullable SplittableRandom random, List<int[]> given) {
        this.random = random;
        this.given = given;
    }

    public static Choices drawn(long seed) {
        return new Choices(new SplittableRandom(seed), List.of());
    }

    /// The same again: where no recorded choice is left, zero.
    public static Choices replayed(List<int[]> recorded) {
        return new Choices(null, recorded);
    }

    /// Begins the next step.
    public void nextStep() {
        closeStep();
        if (random == null) {
            script = taken.size() < given.size() ? given.get(taken.size()) : new int[0];
        }
        inStep = true;
        used = 0;
    }

    /// 0 or more, below the bound.
    public int of(int bound) {
        int value;
        if (random != null) {
            value = bound <= 1 ? 0 : random.nextInt(bound);
        } else {
            value = used < script.length ? Math.floorMod(script[used], Math.max(1, bound)) : 0;
        }
        return record(value);
    }

    /// One of these.
    public <T> T oneOf(T[] all) {
        return all[of(all.length)];
    }

    public <T> T oneOf(List<T> all) {
        return all.get(of(all.size()));
    }

    /// Once in so many times; never when that is 0.
    public boolean oneIn(int times) {
        return times > 0 && of(times) == times - 1;
    }

    /// A choice that the run makes and a replay repeats.
    public int decided(int value) {
        return record(random != null ? value : used < script.length ? script[used] : 0);
    }

    private int record(int value) {
        if (used == step.length) {
            step = Arrays.copyOf(step, used * 2);
        }
        step[used++] = value;
        return value;
    }

    private void closeStep() {
        if (inStep) {
            taken.add(Arrays.copyOf(step, used));
        }
        inStep = false;
    }

    /// What was chosen so far, the step under way included.
    public List<int[]> recorded() {
        List<int[]> recorded = new ArrayList<>(taken);
        if (inStep) {
            recorded.add(Arrays.copyOf(step, used));
        }
        return recorded;
    }
}
