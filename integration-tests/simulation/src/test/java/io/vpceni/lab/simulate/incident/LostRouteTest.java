package io.vpceni.lab.simulate.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PoolSettings;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.mutant.Mutants;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A pod runs, and somebody takes its host route and the rules away.
class LostRouteTest {

    /// A node that can hold three addresses.
    private static final WorldParameters THREE_ADDRESSES =
            WorldParameters.quiet(new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30)), new NodeLimits(1, 4));

    private static Supplier<Mutant> planted() {
        return Mutants.named("a-sandbox-is-its-route").orElseThrow().maker();
    }

    private static AttachmentKey loseTheRouteOfTheFirstOfThree(IncidentWorld scene) {
        List<AttachmentKey> pods = scene.add(3);
        scene.world().kernel().loseRoute(pods.getFirst());
        scene.world().kernel().loseRules();
        return pods.getFirst();
    }

    @Test
    void itKeepsItsAddressAndNobodyElseGetsIt() {
        IncidentWorld scene = new IncidentWorld(THREE_ADDRESSES, new Mutant());
        AttachmentKey pod = loseTheRouteOfTheFirstOfThree(scene);
        InetAddress address = scene.addressOf(pod);

        scene.minutes(10);
        AttachmentKey next = scene.add();
        scene.minutes(1);

        assertThat(scene.runs(next)).isFalse();
        assertThat(scene.addressOf(pod)).isEqualTo(address);
        scene.requireOrder();
    }

    @Test
    void itKeepsItsAddressOverARestart() {
        IncidentWorld scene = new IncidentWorld(THREE_ADDRESSES, new Mutant());
        AttachmentKey pod = loseTheRouteOfTheFirstOfThree(scene);

        scene.restart(Duration.ofSeconds(5));
        scene.minutes(2);
        AttachmentKey next = scene.add();
        scene.minutes(1);

        assertThat(scene.runs(next)).isFalse();
        assertThat(scene.runs(pod)).isTrue();
        scene.requireOrder();
    }

    @Test
    void itKeepsItsAddressWhenItsAliasIsLostTooAndIpamdStarts() {
        IncidentWorld scene = new IncidentWorld(THREE_ADDRESSES, new Mutant());
        AttachmentKey pod = loseTheRouteOfTheFirstOfThree(scene);
        scene.world().kernel().loseAlias(pod);

        scene.restart(Duration.ofSeconds(5));
        scene.minutes(10);
        AttachmentKey next = scene.add();
        scene.minutes(1);

        assertThat(scene.runs(next)).isFalse();
        assertThat(scene.runs(pod)).isTrue();
        scene.requireOrder();
    }

    @Test
    void whereNamesDoNotCountARestartGivesTheAddressOfAPodWithoutAliasAndRouteAway() {
        IncidentWorld scene = new IncidentWorld(
                THREE_ADDRESSES,
                Mutants.named("names-do-not-count").orElseThrow().maker().get());
        AttachmentKey pod = loseTheRouteOfTheFirstOfThree(scene);
        scene.world().kernel().loseAlias(pod);

        Violation violation = catchThrowableOfType(Violation.class, () -> {
            scene.restart(Duration.ofSeconds(5));
            scene.minutes(2);
            scene.add();
        });

        assertThat(violation.invariant()).isIn(Invariant.ONE_OWNER, Invariant.ACKNOWLEDGED_SURVIVES);
    }

    @Test
    void whereASandboxIsItsRouteAnotherPodGetsItsAddress() {
        IncidentWorld scene = new IncidentWorld(THREE_ADDRESSES, planted().get());
        loseTheRouteOfTheFirstOfThree(scene);
        scene.minutes(10);

        Violation violation = catchThrowableOfType(Violation.class, scene::add);

        assertThat(violation.invariant()).isEqualTo(Invariant.ONE_OWNER);
    }

    @Test
    void whereASandboxIsItsRouteARestartGivesItsAddressAway() {
        IncidentWorld scene = new IncidentWorld(THREE_ADDRESSES, planted().get());
        loseTheRouteOfTheFirstOfThree(scene);

        Violation violation = catchThrowableOfType(Violation.class, () -> {
            scene.restart(Duration.ofSeconds(5));
            scene.minutes(2);
            scene.add();
        });

        assertThat(violation.invariant()).isIn(Invariant.ONE_OWNER, Invariant.ACKNOWLEDGED_SURVIVES);
    }
}
