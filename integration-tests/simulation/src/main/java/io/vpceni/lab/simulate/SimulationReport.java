package io.vpceni.lab.simulate;

import io.vpceni.config.Count;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.incident.Incident;
import io.vpceni.lab.simulate.incident.Incidents;
import io.vpceni.lab.simulate.mutant.Mutants;
import io.vpceni.lab.simulate.mutant.NamedMutant;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.run.MutantProof;
import io.vpceni.lab.simulate.run.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// What `./lab simulate` does and prints.
public final class SimulationReport {
    /// Below it rare things may not come up at all.
    private static final long COVERED_FROM = 1_000_000;

    private final PrintWriter out;
    private final LongConsumer progress;

    /// @param out where people read
    /// @param progress takes the number of steps that are made, now and then
    public SimulationReport(PrintWriter out, LongConsumer progress) {
        this.out = out;
        this.progress = progress;
    }

    /// Runs from a seed.
    ///
    /// @param mutant the name of what is planted; empty for nothing
    /// @param took reads how long it took when it is done
    /// @return whether all is well: nothing broke and nothing was left out, or, with a mutant, that it was caught
    /// @throws IllegalArgumentException when nothing has that name
    /// @throws IOException when the JSON file cannot be written
    public boolean seed(long seed, long steps, String mutant, Optional<Path> json, Supplier<Duration> took)
            throws IOException {
        Optional<NamedMutant> planted = mutant.isEmpty() ? Optional.empty() : Optional.of(mutantNamed(mutant));
        Simulation.Result result =
                Simulation.run(seed, steps, planted.map(NamedMutant::maker).orElse(Mutant::new), true, progress);
        double seconds = took.get().toMillis() / 1000.0;
        out.printf(
                Locale.ROOT,
                "seed %d: %,d steps, %,d messages in %,d worlds, %.1f s, %,.0f steps a minute%n",
                seed,
                result.steps(),
                result.messages(),
                result.worlds(),
                seconds,
                result.steps() * 60 / Math.max(0.001, seconds));
        if (planted.isEmpty() && result.broken().isEmpty()) {
            Map<String, Long> counts = result.coverage().counts();
            int width = counts.keySet().stream().mapToInt(String::length).max().orElse(1);
            counts.forEach((name, count) ->
                    out.printf(Locale.ROOT, "  %s%s %,12d%n", name, " ".repeat(width - name.length()), count));
        }
        if (json.isPresent()) {
            SimulationJson.write(json.get(), seed, result);
        }
        if (planted.isPresent()) {
            return caught(planted.get(), seed, result);
        }
        result.broken().ifPresent(broken -> FailureReport.lines(seed, broken).forEach(out::println));
        List<String> missing = result.broken().isEmpty() && steps >= COVERED_FROM
                ? result.coverage().missing()
                : List.of();
        verdict(result, missing).forEach(out::println);
        return result.broken().isEmpty() && missing.isEmpty();
    }

    /// The last lines.
    ///
    /// @param missing kinds of events that did not occur and should have
    public static List<String> verdict(Simulation.Result result, List<String> missing) {
        if (result.broken().isPresent()) {
            return List.of(String.format(
                    Locale.ROOT,
                    "1 violation, of %s, at step %,d",
                    result.broken().get().first().invariant(),
                    result.broken().get().step()));
        }
        String none = String.format(Locale.ROOT, "0 violations in %,d steps", result.steps());
        if (missing.isEmpty()) {
            return List.of(none);
        }
        return List.of(
                "did not occur: " + String.join(", ", missing),
                "  Nothing broke, but this run says nothing about these. Rare ones are missing by chance from one seed in"
                        + " some: take another. Missing from every seed, the simulation no longer reaches them.",
                none + ", but " + Count.of(missing.size(), "kind of event", "kinds of events")
                        + " did not occur: the run counts as failed");
    }

    private boolean caught(NamedMutant mutant, long seed, Simulation.Result result) {
        out.printf(Locale.ROOT, "%s: %s%n", mutant.name(), mutant.what());
        if (result.broken().isEmpty()) {
            out.printf(Locale.ROOT, "NOT CAUGHT; should break %s%n", mutant.breaks());
            return false;
        }
        FailureReport.lines(seed, result.broken().get()).forEach(out::println);
        Invariant broken = result.broken().get().first().invariant();
        out.printf(
                Locale.ROOT,
                "caught by %s at step %,d%n",
                broken,
                result.broken().get().step());
        return broken == mutant.breaks();
    }

    /// Plants every mutant and prints who caught it.
    ///
    /// @return whether each was caught by the invariant that it should break
    public boolean mutants() {
        boolean all = true;
        out.printf(Locale.ROOT, "%-30s %-24s %-24s %10s%n", "mutant", "should break", "caught by", "at step");
        for (NamedMutant mutant : Mutants.all()) {
            MutantProof.Outcome outcome = MutantProof.prove(mutant);
            out.printf(
                    Locale.ROOT,
                    "%-30s %-24s %-24s %,10d%n",
                    mutant.name(),
                    mutant.breaks(),
                    outcome.caught().map(Invariant::toString).orElse("-"),
                    outcome.step());
            out.flush(); // each takes a while
            all &= outcome.asExpected();
        }
        return all;
    }

    /// Replays one incident, or all of them, without and with the planted rule.
    ///
    /// @param name `all` for each of them
    /// @return whether ours comes out right and the planted rule is caught
    /// @throws IllegalArgumentException when nothing has that name
    public boolean incident(String name) {
        List<Incident> wanted = name.equals("all")
                ? Incidents.all()
                : Incidents.all().stream()
                        .filter(incident -> incident.name().equals(name))
                        .toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("no incident '" + name + "': "
                    + String.join(
                            ", ", Incidents.all().stream().map(Incident::name).toList()));
        }
        boolean well = true;
        out.printf(Locale.ROOT, "%-14s %-52s %-10s %s%n", "upstream", "incident", "ours", "with the planted rule");
        for (Incident incident : wanted) {
            Optional<Violation> ours = incident.play(new Mutant());
            Optional<Violation> planted = incident.play(incident.planted().get());
            out.printf(
                    Locale.ROOT,
                    "%-14s %-52s %-10s %s%n",
                    incident.name(),
                    incident.title(),
                    ours.map(v -> "BROKEN").orElse("holds"),
                    planted.map(v -> "breaks " + v.invariant() + ": " + v.getMessage())
                            .orElse("NOT CAUGHT"));
            ours.ifPresent(v -> out.printf(Locale.ROOT, "  ours: %s %s%n", v.invariant(), v.getMessage()));
            out.printf(Locale.ROOT, "  planted: %s%n", incident.rule());
            well &= ours.isEmpty()
                    && planted.filter(v -> v.invariant() == incident.breaks()).isPresent();
        }
        return well;
    }

    private static NamedMutant mutantNamed(String name) {
        return Mutants.named(name)
                .orElseThrow(() -> new IllegalArgumentException("no mutant '" + name + "': "
                        + String.join(
                                ", ",
                                Mutants.all().stream().map(NamedMutant::name).toList())));
    }
}
