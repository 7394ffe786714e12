package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestOrderTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long now = TimeUnit.DAYS.toNanos(400);
    private final RequestOrder tickets = new RequestOrder(() -> now);

    @Test
    void whoseProcessBeganEarlierHasTheSmallerTicketWhateverArrivedFirst() {
        long del = draw(now - SECOND);
        long add = draw(now - 2 * SECOND);

        assertThat(add).isLessThan(del);
    }

    @Test
    void anotherLifeOfIpamdKeepsTheOrder() {
        long before = draw(now - SECOND);
        now += 5 * SECOND;
        RequestOrder later = new RequestOrder(() -> now);

        assertThat(later.draw(now - 10 * SECOND).number()).isLessThan(before);
        assertThat(later.draw(now).number()).isGreaterThan(before);
    }

    @Test
    void aPluginThatDoesNotTellIsTakenAsOneThatBeganNow() {
        long told = draw(now - SECOND);
        long untold = draw(0);
        now += SECOND;

        assertThat(untold).isGreaterThan(told);
        assertThat(draw(0)).isGreaterThan(untold);
    }

    @Test
    void aTimeThatCannotBeTrueIsTakenAsNow() {
        long future = draw(now + SECOND);
        long ancient = draw(now - TimeUnit.HOURS.toNanos(1));
        long before = draw(now - SECOND);

        assertThat(before).isLessThan(future).isLessThan(ancient);
    }

    @Test
    void aRequestIsGivenUpTwoMinutesAfterItsProcessBegan() {
        RequestOrder.Ticket ticket = tickets.draw(now - 60 * SECOND);
        RequestOrder.Ticket untold = tickets.draw(0);

        now += 59 * SECOND;
        assertThat(ticket.isGivenUp()).isFalse();

        now += 2 * SECOND;
        assertThat(ticket.isGivenUp()).isTrue();
        assertThat(untold.isGivenUp()).isFalse();
    }

    @Test
    void noTicketIsGivenTwice() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(seen.add(draw(now))).isTrue();
        }
    }

    private long draw(long beganNanos) {
        return tickets.draw(beganNanos).number();
    }
}
