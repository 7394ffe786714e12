package io.vpceni.lab.simulate.run;

import io.vpceni.lab.simulate.check.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Delta debugging: leaves steps out, then makes choices zero, as long as the same invariant still breaks.
public final class Shrinker {
    private final Function<List<int[]>, Optional<Episode.Failure>> replay;
    private final long stepsMax;
    private long steps;

    /// @param replay makes the same choices again
    /// @param stepsMax when to be content: so many steps were played
    public Shrinker(Function<List<int[]>, Optional<Episode.Failure>> replay, long stepsMax) {
        this.replay = replay;
        this.stepsMax = stepsMax;
    }

    /// @return a shorter failure of the same invariant, or the same one
    public Episode.Failure shrink(Episode.Failure failure) {
        Episode.Failure best = attempt(failure.choices(), failure.invariant()).orElse(failure);
        Episode.Failure before;
        do {
            before = best;
            best = withoutSteps(best);
            best = withZeros(best);
        } while (size(best) < size(before) && steps < stepsMax);
        return best;
    }

    private Episode.Failure withoutSteps(Episode.Failure failure) {
        Episode.Failure best = failure;
        for (int chunk = Math.max(1, (best.choices().size() - 1) / 2); chunk >= 1; chunk /= 2) {
            int at = 1; // the first one makes the world
            while (at < best.choices().size() && steps < stepsMax) {
                List<int[]> shorter = new ArrayList<>(best.choices().subList(0, at));
                shorter.addAll(best.choices()
                        .subList(
                                Math.min(best.choices().size(), at + chunk),
                                best.choices().size()));
                Optional<Episode.Failure> still = attempt(shorter, best.invariant());
                if (still.isPresent()) {
                    best = still.get();
                } else {
                    at += chunk;
                }
            }
        }
        return best;
    }

    private Episode.Failure withZeros(Episode.Failure failure) {
        Episode.Failure best = failure;
        for (int step = 0; step < best.choices().size() && steps < stepsMax; step++) {
            for (int i = 0; step < best.choices().size() && i < best.choices().get(step).length; i++) {
                if (best.choices().get(step)[i] != 0 && steps < stepsMax) {
                    List<int[]> plainer = new ArrayList<>(best.choices());
                    int[] choices = plainer.get(step).clone();
                    choices[i] = 0;
                    plainer.set(step, choices);
                    best = attempt(plainer, best.invariant())
                            .filter(f -> f.choices().size() <= plainer.size())
                            .orElse(best);
                }
            }
        }
        return best;
    }

    private Optional<Episode.Failure> attempt(List<int[]> choices, Invariant invariant) {
        steps += choices.size() + 20;
        return replay.apply(choices).filter(failure -> failure.invariant() == invariant);
    }

    /// Steps, then choices that are not zero.
    private static long size(Episode.Failure failure) {
        long zeros = 0;
        for (int[] step : failure.choices()) {
            for (int choice : step) {
                zeros += choice == 0 ? 0 : 1;
            }
        }
        return failure.choices().size() * 1_000_000L + zeros;
    }
}
