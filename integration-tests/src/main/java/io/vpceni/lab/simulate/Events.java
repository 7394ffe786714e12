package io.vpceni.lab.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The last things that happened, made into text only when somebody asks.
final class Events {
    static final int KEPT = 30;
    private static final int LINE_MAX = 400;

    private final Object[] things = new Object[KEPT];
    private final Instant[] at = new Instant[KEPT];
    private int next;
    private int count;

    void note(Instant now, Object thing) {
        things[next] = thing;
        at[next] = now;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /// Oldest first, with the seconds since the world began.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int place = Math.floorMod(next - count + i, KEPT);
            String text = String.valueOf(things[place]);
            lines.add("%10.3f s  %s"
                    .formatted(
                            Duration.between(World.START, at[place]).toMillis() / 1000.0,
                            text.length() > LINE_MAX ? text.substring(0, LINE_MAX) + " ..." : text));
        }
        return lines;
    }
}
