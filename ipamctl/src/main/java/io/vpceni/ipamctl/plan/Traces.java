package io.vpceni.ipamctl.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// The traces that are shipped, and how they are made: the same seed makes the same trace.
///
/// A kubelet starts pods one after another, so those that are scheduled together arrive some tenths of a second apart.
enum Traces {
    /// Twenty pods that live for minutes, one going when it likes and another coming soon.
    STEADY(0, "steady", "pods of ten minutes on average, twenty at a time, for an hour") {
        @Override
        void make(Maker maker) {
            maker.serve(0, 4);
            double time = 10;
            while (time < HOUR) {
                maker.pod(time, maker.exponential(600));
                time += maker.exponential(30);
            }
        }
    },
    /// CronJobs that all start on the full minute.
    CRON(1, "cron", "eight services, and 15 to 25 jobs of 5 to 20 s at each full minute, for half an hour") {
        @Override
        void make(Maker maker) {
            maker.serve(0, 8);
            for (int minute = 1; minute < 30; minute++) {
                maker.burst(minute * 60.0, 15 + maker.below(11), 0.15, 5, 20);
            }
        }
    },
    /// Deployments that are rolled, pod by pod, a few minutes apart.
    ROLLING(
            2,
            "rolling",
            "twenty services, and every five minutes all of them replaced, two at a time, for half an hour") {
        @Override
        void make(Maker maker) {
            double[] born = new double[20];
            for (int pod = 0; pod < born.length; pod++) {
                born[pod] = 5 + pod * 0.3;
            }
            for (int roll = 1; roll <= 5; roll++) {
                for (int pod = 0; pod < born.length; pod++) {
                    int pair = pod / 2;
                    // The new one comes first; the old one goes when it is ready.
                    double at = roll * 300 + pair * (4 + maker.exponential(1)) + maker.exponential(0.3);
                    maker.between(born[pod], at + 3 + maker.exponential(2));
                    born[pod] = at;
                }
            }
            for (double last : born) {
                maker.between(last, HOUR / 2);
            }
        }
    },
    /// A job with many more tasks than may run at once.
    BATCH(3, "batch", "four services, and a job of 300 tasks of 20 to 60 s, eighteen at a time, after five minutes") {
        @Override
        void make(Maker maker) {
            maker.serve(0, 4);
            double[] slots = new double[18];
            for (int slot = 0; slot < slots.length; slot++) {
                slots[slot] = 300 + slot * 0.4;
            }
            for (int task = 0; task < 300; task++) {
                int earliest = 0;
                for (int slot = 1; slot < slots.length; slot++) {
                    earliest = slots[slot] < slots[earliest] ? slot : earliest;
                }
                double life = 20 + 40 * maker.uniform();
                maker.pod(slots[earliest], life);
                slots[earliest] += life + 1 + maker.exponential(1);
            }
            maker.serve(1200, 2);
        }
    },
    /// Databases that are woken and put to sleep: the shape of the outage of May 2025, on one of its nodes.
    CHURN(
            4,
            "churn",
            "databases that live for a minute or so, one every 5 s and after ten minutes one every 3 s, for half an hour") {
        @Override
        void make(Maker maker) {
            maker.serve(0, 3);
            double time = 5;
            while (time < HOUR / 2) {
                maker.pod(time, 15 + maker.exponential(60));
                time += maker.exponential(time < 600 ? 5 : 3);
            }
        }
    };

    /// Of the traces that are shipped. None was used to tune a policy.
    static final long SHIPPED_SEED = 20_250_516;

    private static final double HOUR = 3600;

    private final int salt;
    private final String title;
    private final String about;

    /// @param salt so that traces of one seed differ
    Traces(int salt, String title, String about) {
        this.salt = salt;
        this.title = title;
        this.about = about;
    }

    abstract void make(Maker maker);

    /// As on the command line: one lower-case word.
    String title() {
        return title;
    }

    /// What comes and goes, in words.
    String about() {
        return about;
    }

    /// Makes one.
    Trace made(long seed) {
        Maker maker = new Maker(new Random(seed * 31 + salt));
        make(maker);
        return Trace.ordered(title, maker.events);
    }

    /// The one that is shipped.
    Trace shipped() {
        String file = "traces/" + title + ".csv";
        try (InputStream trace = Traces.class.getResourceAsStream(file)) {
            if (trace == null) {
                throw new IllegalStateException(file + " is not in the jar");
            }
            return Trace.parse(
                    title,
                    new String(trace.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Puts pods into a trace.
    static final class Maker {
        private final List<Trace.Event> events = new ArrayList<>();
        private final RandomGenerator random;
        private int pods;

        Maker(RandomGenerator random) {
            this.random = random;
        }

        double uniform() {
            return random.nextDouble();
        }

        int below(int bound) {
            return random.nextInt(bound);
        }

        double exponential(double mean) {
            return -mean * StrictMath.log(1 - random.nextDouble());
        }

        /// A pod that comes and goes.
        void between(double from, double until) {
            String name = "pod-" + ++pods;
            long came = Math.round(from * 1000);
            events.add(new Trace.Event(came, true, name));
            events.add(new Trace.Event(Math.max(came + 1000, Math.round(until * 1000)), false, name));
        }

        void pod(double from, double life) {
            between(from, from + life);
        }

        /// Pods that come and stay.
        void serve(double from, int count) {
            for (int i = 0; i < count; i++) {
                events.add(new Trace.Event(Math.round((from + i * 0.3) * 1000), true, "pod-" + ++pods));
            }
        }

        /// Pods that are scheduled together.
        void burst(double from, int count, double apart, double lifeMin, double lifeMax) {
            for (int i = 0; i < count; i++) {
                pod(from + i * apart, lifeMin + (lifeMax - lifeMin) * uniform());
            }
        }
    }
}
