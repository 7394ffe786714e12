package io.vpceni.lab.simulate.run;

import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.Choices;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.Events;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.port.Mutant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One world from its beginning to its end: some thousand steps, with quiescent phases between them and one at the end.
public final class Episode {
    private static final int ORDINARY = 0;
    private static final int QUIESCENCE = 1;

    /// What broke.
    ///
    /// @param step of this world, counted from 1
    /// @param state what EC2, the kernel and the pool say at that moment
    public record Failure(
            Invariant invariant,
            String text,
            long step,
            List<String> events,
            List<String> state,
            List<int[]> choices) {}

    private final Choices choices;
    private final Supplier<Mutant> mutant;
    private final Coverage coverage = new Coverage();
    private final Events events;
    private long steps;
    private long messages;

    public Episode(Choices choices, Supplier<Mutant> mutant) {
        this(choices, mutant, Events.KEPT);
    }

    /// @param eventsKept how many of the last ones a failure tells
    public Episode(Choices choices, Supplier<Mutant> mutant, int eventsKept) {
        this.events = new Events(eventsKept);
        this.choices = choices;
        this.mutant = mutant;
    }

    public Coverage coverage() {
        return coverage;
    }

    public long steps() {
        return steps;
    }

    public long messages() {
        return messages;
    }

    /// Plays it.
    ///
    /// @param length ordinary steps
    /// @param quiescentEach how many of them lie between two quiescent phases
    public Optional<Failure> play(int length, int quiescentEach) {
        return guarded(world -> {
            for (int i = 1; i <= length; i++) {
                act(world, i % quiescentEach == 0 || i == length ? QUIESCENCE : ORDINARY);
            }
        });
    }

    /// Plays so many recorded steps again, the world's own first one not counted.
    public Optional<Failure> replay(int length) {
        return guarded(world -> {
            for (int i = 0; i < length; i++) {
                act(world, ORDINARY);
            }
        });
    }

    private void act(SimWorld world, int wanted) {
        choices.nextStep();
        if (choices.decided(wanted) == QUIESCENCE) {
            var _ = new Quiescence(world).run();
        } else {
            world.step();
        }
    }

    private interface Play {
        void through(SimWorld world);
    }

    private Optional<Failure> guarded(Play play) {
        Optional<SimWorld> world = Optional.empty();
        try {
            choices.nextStep();
            SimWorld made = new SimWorld(WorldParameters.drawn(choices), choices, mutant.get(), coverage, events);
            world = Optional.of(made);
            made.start();
            play.through(made);
            count(world);
            return Optional.empty();
        } catch (Violation violation) {
            count(world);
            return Optional.of(failure(violation.invariant(), String.valueOf(violation.getMessage()), world));
        } catch (RuntimeException e) {
            count(world);
            StackTraceElement[] trace = e.getStackTrace();
            String at = trace.length == 0 ? "" : " at " + trace[0];
            return Optional.of(failure(Invariant.PROGRESS, "the product threw " + e + at, world));
        }
    }

    private void count(Optional<SimWorld> world) {
        steps = Math.max(1, world.map(SimWorld::steps).orElse(0L));
        messages = world.map(SimWorld::messages).orElse(0L);
    }

    private Failure failure(Invariant invariant, String text, Optional<SimWorld> world) {
        return new Failure(
                invariant,
                text,
                steps,
                events.lines(),
                world.map(StateText::lines).orElse(List.of()),
                choices.recorded());
    }
}
