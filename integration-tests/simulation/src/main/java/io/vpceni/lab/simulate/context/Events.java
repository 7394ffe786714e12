package io.vpceni.lab.simulate.context;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The last things that happened, made into text only when somebody asks.
public final class Events {
    /// As many as a report shows.
    public static final int KEPT = 30;

    private static final int LINE_MAX = 240;

    private static final Pattern KEY =
            Pattern.compile("AttachmentKey\\[network=net, containerId=(\\w+), interfaceName=eth0]");

    private final Object[] things;
    private final Instant[] at;
    private int next;
    private int count;

    public Events(int kept) {
        this.things = new Object[kept];
        this.at = new Instant[kept];
    }

    public void note(Instant now, Object thing) {
        things[next] = thing;
        at[next] = now;
        next = (next + 1) % things.length;
        count = Math.min(count + 1, things.length);
    }

    /// Oldest first, with the seconds since the world began.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = Math.floorMod(next - count + i, things.length);
            String text = KEY.matcher(String.valueOf(things[place])).replaceAll("$1");
            lines.add(String.format(
                    Locale.ROOT,
                    "%10.3f s  %s",
                    Duration.between(SimulationClock.START, at[place]).toMillis() / 1000.0,
                    text.length() > LINE_MAX ? text.substring(0, LINE_MAX) + " ..." : text));
        }
        return lines;
    }
}
