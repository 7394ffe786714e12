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
        long del = tickets.draw(now - SECOND);
        long add = tickets.draw(now - 2 * SECOND);

        assertThat(add).isLessThan(del);
    }

    @Test
    void anotherLifeOfIpamdKeepsTheOrder() {
        long before = tickets.draw(now - SECOND);
        now += 5 * SECOND;
        RequestOrder later = new RequestOrder(() -> now);

        assertThat(later.draw(now - 10 * SECOND)).isLessThan(before);
        assertThat(later.draw(now)).isGreaterThan(before);
    }

    @Test
    void aPluginThatDoesNotTellIsTakenAsOneThatBeganNow() {
        long told = tickets.draw(now - SECOND);
        long untold = tickets.draw(0);
        now += SECOND;

        assertThat(untold).isGreaterThan(told);
        assertThat(tickets.draw(0)).isGreaterThan(untold);
    }

    @Test
    void aTimeThatCannotBeTrueIsTakenAsNow() {
        long future = tickets.draw(now + SECOND);
        long ancient = tickets.draw(now - TimeUnit.HOURS.toNanos(1));
        long before = tickets.draw(now - SECOND);

        assertThat(before).isLessThan(future).isLessThan(ancient);
    }

    @Test
    void aRequestIsGivenUpTwoMinutesAfterItsProcessBegan() {
        long ticket = tickets.draw(now - 60 * SECOND);
        long untold = tickets.draw(0);

        now += 59 * SECOND;
        assertThat(tickets.isGivenUp(ticket)).isFalse();

        now += 2 * SECOND;
        assertThat(tickets.isGivenUp(ticket)).isTrue();
        assertThat(tickets.isGivenUp(tickets.again(ticket))).isTrue();
        assertThat(tickets.isGivenUp(untold)).isFalse();
    }

    @Test
    void noTicketIsGivenTwice() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            long ticket = tickets.draw(now);
            assertThat(seen.add(ticket)).isTrue();
            assertThat(seen.add(tickets.again(ticket))).isTrue();
        }
    }

    @Test
    void theSecondTicketOfARequestKeepsItsPlace() {
        long first = tickets.draw(now - 2 * SECOND);
        long other = tickets.draw(now - SECOND);

        assertThat(tickets.again(first)).isLessThan(other);
    }
}
