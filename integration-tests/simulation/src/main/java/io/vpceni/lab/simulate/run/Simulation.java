package io.vpceni.lab.simulate.run;

import io.vpceni.lab.simulate.context.Choices;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.port.Mutant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// Many worlds one after another, from one seed, until enough steps are made or an invariant breaks.
public final class Simulation {
    private static final int SHRINK_STEPS = 400_000;

    /// What a run showed.
    ///
    /// @param steps that were made
    /// @param messages that the product handled
    public record Result(
            long seed, long steps, long messages, int worlds, Coverage coverage, Optional<Broken> broken) {}

    /// An invariant broke.
    ///
    /// @param step of the whole run, counted from 1
    /// @param world which world of the run, counted from 0
    /// @param shrunk the shortest episode that was found and still breaks it
    public record Broken(long step, int world, Episode.Failure first, Episode.Failure shrunk) {}

    private Simulation() {}

    /// @param mutant makes what is planted in each world
    /// @param shrink whether to look for a shorter episode when something breaks
    public static Result run(long seed, long stepsWanted, Supplier<Mutant> mutant, boolean shrink) {
        return run(seed, stepsWanted, mutant, shrink, _ -> {});
    }

    /// @param progress takes the number of steps that are made, after each world
    public static Result run(
            long seed, long stepsWanted, Supplier<Mutant> mutant, boolean shrink, LongConsumer progress) {
        SplittableRandom worlds = new SplittableRandom(seed);
        Coverage coverage = new Coverage();
        long steps = 0;
        long messages = 0;
        int count = 0;
        while (steps < stepsWanted) {
            long worldSeed = worlds.nextLong();
            int length = length(worlds);
            int quiescentEach = 300 + worlds.nextInt(2000);
            Episode episode = new Episode(Choices.drawn(worldSeed), mutant);
            Optional<Episode.Failure> failure = episode.play(length, quiescentEach);
            steps += episode.steps();
            messages += episode.messages();
            coverage.add(episode.coverage());
            if (failure.isPresent()) {
                Episode.Failure shrunk = shrink ? shrunk(failure.get(), mutant) : failure.get();
                Broken broken = new Broken(steps, count, failure.get(), shrunk);
                return new Result(seed, steps, messages, count + 1, coverage, Optional.of(broken));
            }
            count++;
            progress.accept(steps);
        }
        return new Result(seed, steps, messages, count, coverage, Optional.empty());
    }

    private static int length(SplittableRandom worlds) {
        return switch (worlds.nextInt(10)) {
            case 0 -> 20_000;
            case 1, 2, 3 -> 4_000;
            default -> 1_000;
        };
    }

    private static Episode.Failure shrunk(Episode.Failure failure, Supplier<Mutant> mutant) {
        return new Shrinker(choices -> replay(choices, mutant), SHRINK_STEPS).shrink(failure);
    }

    public static Optional<Episode.Failure> replay(List<int[]> choices, Supplier<Mutant> mutant) {
        return new Episode(Choices.replayed(choices), mutant).replay(choices.size() - 1);
    }
}
