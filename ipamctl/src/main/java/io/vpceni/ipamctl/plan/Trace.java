package io.vpceni.ipamctl.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Pods that come and go on one node.
///
/// @param events in order of time
record Trace(String name, List<Event> events) {

    private static final int EVENTS_MAX = 1_000_000;
    private static final double SECONDS_MAX = 30 * 86_400.0;

    /// One pod comes or goes.
    ///
    /// @param millis since the trace began
    record Event(long millis, boolean comes, String pod) {}

    Trace {
        events = List.copyOf(events);
    }

    /// Reads `seconds,+,pod` and `seconds,-,pod` lines; empty lines and those that begin with `#` are skipped.
    ///
    /// @throws IllegalArgumentException with the number of the line that is wrong
    static Trace parse(String name, List<String> lines) {
        List<Event> events = new ArrayList<>();
        Set<String> here = new HashSet<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String wrong = "line " + number + " of " + name + " ('" + line + "'): ";
            Event event = event(line, wrong);
            if (!events.isEmpty() && event.millis() < events.getLast().millis()) {
                throw new IllegalArgumentException(wrong + "earlier than the line before");
            }
            if (event.comes() ? !here.add(event.pod()) : !here.remove(event.pod())) {
                throw new IllegalArgumentException(
                        wrong + (event.comes() ? "the pod is here already" : "there is no such pod"));
            }
            events.add(event);
            if (events.size() > EVENTS_MAX) {
                throw new IllegalArgumentException(name + " has more than " + EVENTS_MAX + " events");
            }
        }
        if (events.isEmpty()) {
            throw new IllegalArgumentException(name + " has no event");
        }
        return new Trace(name, events);
    }

    private static Event event(String line, String wrong) {
        String[] cells = line.split(",", -1);
        if (cells.length != 3
                || !(cells[1].strip().equals("+") || cells[1].strip().equals("-"))) {
            throw new IllegalArgumentException(wrong + "want seconds,+,pod or seconds,-,pod");
        }
        try {
            double seconds = Double.parseDouble(cells[0].strip());
            if (!(seconds >= 0 && seconds <= SECONDS_MAX) || cells[2].isBlank()) {
                throw new IllegalArgumentException(
                        wrong + "want seconds from 0 to " + (long) SECONDS_MAX + " and a pod");
            }
            return new Event(Math.round(seconds * 1000), cells[1].strip().equals("+"), cells[2].strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong + "want seconds as a number", e);
        }
    }

    /// The lines that [#parse] reads.
    List<String> lines() {
        return events.stream()
                .map(event -> String.format(
                        Locale.ROOT, "%.3f,%s,%s", event.millis() / 1000.0, event.comes() ? "+" : "-", event.pod()))
                .toList();
    }

    long lastMillis() {
        return events.getLast().millis();
    }

    /// Events as they were made, put in order; at one moment pods go before others come.
    static Trace ordered(String name, List<Event> events) {
        return new Trace(
                name,
                events.stream()
                        .sorted(Comparator.comparingLong(Event::millis)
                                .thenComparing(Event::comes)
                                .thenComparing(Event::pod))
                        .toList());
    }
}
