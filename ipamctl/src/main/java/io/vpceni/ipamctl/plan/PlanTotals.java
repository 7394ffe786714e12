package io.vpceni.ipamctl.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What became of a run: the integral of idle addresses, and how long each ADD waited.
final class PlanTotals {

    /// Held and used from that moment on.
    record Point(Instant at, int held, int used) {}

    private final List<Point> points = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private Instant from = Instant.MIN;
    private double idleSeconds;
    private int mostHeld;
    private Point latest = new Point(Instant.MIN, 0, 0);

    /// Counts from now on only.
    void begin(Instant now) {
        from = now;
        idleSeconds = 0;
        mostHeld = latest.held();
        points.clear();
        points.add(new Point(now, latest.held(), latest.used()));
        latest = points.getFirst();
        waits.clear();
    }

    /// So much is held and used from now on.
    void note(Instant now, int held, int used) {
        if (!from.equals(Instant.MIN)) {
            idleSeconds += seconds(Duration.between(latest.at(), now)) * (latest.held() - latest.used());
            mostHeld = Math.max(mostHeld, held);
            if (held != latest.held() || used != latest.used()) {
                points.add(new Point(now, held, used));
            }
        }
        latest = new Point(now, held, used);
    }

    /// An ADD got its address, or gave up for good.
    void served(Duration waited) {
        waits.add(waited);
    }

    double idleSeconds() {
        return idleSeconds;
    }

    int mostHeld() {
        return mostHeld;
    }

    /// ADDs that did not get an address at once.
    long waited() {
        return waits.stream().filter(Duration::isPositive).count();
    }

    int adds() {
        return waits.size();
    }

    /// The wait that this share of all ADDs did not exceed, in seconds.
    ///
    /// @param share above 0, at most 1
    double waitSeconds(double share) {
        if (waits.isEmpty()) {
            return 0;
        }
        double[] sorted =
                waits.stream().mapToDouble(PlanTotals::seconds).sorted().toArray();
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    List<Point> points() {
        return List.copyOf(points);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
