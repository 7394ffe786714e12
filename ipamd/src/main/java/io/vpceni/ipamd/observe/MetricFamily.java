package io.vpceni.ipamd.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// A metric with its label names, in the Prometheus text format 0.0.4.
///
/// Not a client library's, because those append `_total` to every counter, and the AWS VPC CNI's counters, which
/// dashboards use, have no such suffix.
sealed interface MetricFamily {
    /// Writes `# HELP`, `# TYPE` and the samples, in the order of their labels.
    void write(StringBuilder out);

    /// A counter.
    final class Counter implements MetricFamily {
        private final Head head;
        private final ConcurrentSkipListMap<String, LongAdder> values = new ConcurrentSkipListMap<>();

        Counter(String name, String help, String... labels) {
            this.head = new Head(name, "counter", help, List.of(labels));
            if (labels.length == 0) {
                values.put("", new LongAdder());
            }
        }

        void add(long amount, String... labelValues) {
            values.computeIfAbsent(head.labels(labelValues), _ -> new LongAdder())
                    .add(amount);
        }

        @Override
        public void write(StringBuilder out) {
            head.write(out);
            values.forEach((labels, value) -> head.sample(out, "", labels, Long.toString(value.sum())));
        }
    }

    /// A gauge, read at each scrape: one value, or one for each value of its label.
    final class Gauge implements MetricFamily {
        private final Head head;
        private final Supplier<? extends SortedMap<String, ? extends Number>> values;

        private Gauge(Head head, Supplier<? extends SortedMap<String, ? extends Number>> values) {
            this.head = head;
            this.values = values;
        }

        /// A counter whose value is kept elsewhere.
        static Gauge counter(String name, String help, Supplier<? extends Number> value) {
            return new Gauge(
                    new Head(name, "counter", help, List.of()),
                    () -> new TreeMap<String, Number>(Collections.singletonMap("", value.get())));
        }

        static Gauge single(String name, String help, Supplier<? extends Number> value) {
            return new Gauge(
                    new Head(name, "gauge", help, List.of()),
                    () -> new TreeMap<String, Number>(Collections.singletonMap("", value.get())));
        }

        static Gauge perLabel(
                String name,
                String help,
                String label,
                Supplier<? extends SortedMap<String, ? extends Number>> values) {
            return new Gauge(new Head(name, "gauge", help, List.of(label)), values);
        }

        @Override
        public void write(StringBuilder out) {
            head.write(out);
            values.get()
                    .forEach((labelValue, value) -> head.sample(
                            out, "", head.labels.isEmpty() ? "" : head.labels(labelValue), String.valueOf(value)));
        }
    }

    /// A histogram, or without buckets a summary of count and sum.
    final class Distribution implements MetricFamily {
        private final Head head;
        private final double[] bounds;
        private final ConcurrentSkipListMap<String, Cell> cells = new ConcurrentSkipListMap<>();

        private record Cell(AtomicLongArray buckets, LongAdder count, DoubleAdder sum) {}

        private Distribution(Head head, double... bounds) {
            this.head = head;
            this.bounds = bounds.clone();
        }

        static Distribution histogram(String name, String help, double[] bounds, String... labels) {
            return new Distribution(new Head(name, "histogram", help, List.of(labels)), bounds);
        }

        static Distribution summary(String name, String help, String... labels) {
            return new Distribution(new Head(name, "summary", help, List.of(labels)));
        }

        void observe(double value, String... labelValues) {
            Cell cell = cells.computeIfAbsent(
                    head.labels(labelValues),
                    _ -> new Cell(new AtomicLongArray(bounds.length), new LongAdder(), new DoubleAdder()));
            for (int i = 0; i < bounds.length; i++) {
                if (value <= bounds[i]) {
                    cell.buckets.incrementAndGet(i);
                }
            }
            cell.count.increment();
            cell.sum.add(value);
        }

        @Override
        public void write(StringBuilder out) {
            head.write(out);
            cells.forEach((labels, cell) -> {
                if (bounds.length > 0) {
                    for (int i = 0; i < bounds.length; i++) {
                        bucket(out, labels, Double.toString(bounds[i]), cell.buckets.get(i));
                    }
                    bucket(out, labels, "+Inf", cell.count.sum());
                }
                head.sample(out, "_sum", labels, Double.toString(cell.sum.sum()));
                head.sample(out, "_count", labels, Long.toString(cell.count.sum()));
            });
        }

        private void bucket(StringBuilder out, String labels, String bound, long count) {
            String separator = labels.isEmpty() ? "" : ",";
            head.sample(out, "_bucket", labels + separator + "le=\"" + bound + "\"", Long.toString(count));
        }
    }

    /// Name, type, help and label names.
    record Head(String name, String type, String help, List<String> labels) {
        void write(StringBuilder out) {
            out.append("# HELP ").append(name).append(' ').append(help).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }

        void sample(StringBuilder out, String ending, String labelText, String value) {
            out.append(name).append(ending);
            if (!labelText.isEmpty()) {
                out.append('{').append(labelText).append('}');
            }
            out.append(' ').append(value).append('\n');
        }

        /// `a="x",b="y"`, escaped for the text format.
        String labels(String... values) {
            if (values.length != labels.size()) {
                throw new IllegalArgumentException(name + " has the labels " + labels);
            }
            List<String> pairs = new ArrayList<>(values.length);
            for (int i = 0; i < values.length; i++) {
                String escaped =
                        values[i].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
                pairs.add(labels.get(i) + "=\"" + escaped + "\"");
            }
            return String.join(",", pairs);
        }
    }
}
