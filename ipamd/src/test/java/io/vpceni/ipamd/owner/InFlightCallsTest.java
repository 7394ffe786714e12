package io.vpceni.ipamd.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.InstanceId;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.pool.EniId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InFlightCallsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Ec2Call<?> LOOK = new Ec2Call.EnisOf(new InstanceId("i-0a"));
    private static final Ec2Call<?> DELETE = new Ec2Call.Delete(new EniId("eni-0a"));

    private final InFlightCalls calls = new InFlightCalls();

    @ParameterizedTest
    @EnumSource(names = {"NOT_AUTHENTICATED", "NO_CREDENTIALS", "UNAVAILABLE"})
    void aRefusalOfCredentialsOrConnectionEndsWithTheNextSuccessOfAnyAction(Ec2Failure.Kind kind) {
        refused(DELETE, kind);

        succeeded(LOOK, NOW.plusSeconds(1));

        assertThat(calls.refusals()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "THROTTLED", "FORBIDDEN_BY_SETTING"})
    void aRefusalOfTheActionEndsWithASuccessOfThatAction(Ec2Failure.Kind kind) {
        refused(DELETE, kind);

        succeeded(LOOK, NOW.plusSeconds(1));
        assertThat(calls.refusals()).extracting(Ec2Status.LastRefusal::kind).containsExactly(kind);

        succeeded(DELETE, NOW.plusSeconds(2));
        assertThat(calls.refusals()).isEmpty();
    }

    @Test
    void aSuccessOfACallThatWasSentBeforeTheRefusalShowsNothing() {
        calls.sent(7, LOOK, NOW.minusSeconds(1));
        refused(DELETE, Ec2Failure.Kind.NOT_AUTHENTICATED);

        calls.answered(7);

        assertThat(calls.refusals()).hasSize(1);
    }

    private void refused(Ec2Call<?> what, Ec2Failure.Kind kind) {
        calls.sent(1, what, NOW);
        calls.failed(1, new Ec2Failure(kind, what.action().apiName(), what.subject(), "SomeCode", "", null), NOW);
    }

    private void succeeded(Ec2Call<?> what, Instant sent) {
        calls.sent(2, what, sent);
        calls.answered(2);
    }
}
