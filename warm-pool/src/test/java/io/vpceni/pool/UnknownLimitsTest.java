package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A node whose type nobody knows starts with a guess, and EC2's refusals tell the truth.
class UnknownLimitsTest {

    private final Map<EniId, Integer> blocks = new HashMap<>();

    private int refused;

    @ParameterizedTest(name = "guessed {0} x {1}, in truth {2} x {3}: first after {4} ms, at most {5} refusals")
    @CsvSource(textBlock = """
            4,  20, 3,  10, 1500, 16
            4,  20, 2,  4,  3500, 17
            24, 64, 15, 50, 1500, 75
            24, 64, 4,  15, 3500, 42
            24, 64, 2,  2,  5500, 93
            2,  2,  2,  2,  500,  0
            """)
    void theFirstAddSucceedsSoonAndTheWholeTruthIsFound(
            int guessedEnis, int guessedAddresses, int enis, int addresses, int firstAfter, int refusalsMax) {
        NodeLimits truth = new NodeLimits(enis, addresses);
        PoolSettings settings = new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30));
        PoolFixture node = new PoolFixture(settings, guessedEnis, guessedAddresses).withPrimary();
        blocks.put(PoolFixture.PRIMARY, 0);

        node.add("first");
        while (node.snapshot().waiting() > 0) {
            answerAll(node, truth);
            node.after(Duration.ofMillis(500));
        }
        assertThat(node.states()).contains("assigned");
        assertThat(Duration.between(PoolFixture.START, node.now)).hasMillis(firstAfter);

        for (int pod = 1; pod < truth.enisMax() * truth.slotsPerEni(); pod++) {
            node.add("pod-" + pod, Duration.ofHours(1));
        }
        for (int second = 0; second < 600; second++) {
            answerAll(node, truth);
            node.after(Duration.ofSeconds(1));
        }
        assertThat(node.snapshot().waiting()).isZero();
        assertThat(refused).isLessThanOrEqualTo(refusalsMax);
    }

    private void answerAll(PoolFixture node, NodeLimits truth) {
        while (!node.asked.isEmpty()) {
            switch (node.asked.removeFirst()) {
                case Effect.AssignBlocks(long request, EniId eni, BlockKind _, int count) -> {
                    if (blocks.getOrDefault(eni, 0) + count > truth.slotsPerEni()) {
                        refuse(node, request, AllocationError.ADDRESS_LIMIT);
                    } else {
                        blocks.merge(eni, count, Integer::sum);
                        node.send(new Message.BlocksAdded(request, eni, node.fresh(count)));
                    }
                }
                case Effect.AddEni(long request, int _, BlockKind _, int count) -> {
                    if (count > truth.slotsPerEni()) {
                        refuse(node, request, AllocationError.ADDRESS_LIMIT);
                    } else if (blocks.size() >= truth.enisMax()) {
                        refuse(node, request, AllocationError.ENI_LIMIT);
                    } else {
                        Eni born = node.eni(new EniId("eni-" + blocks.size()), blocks.size());
                        blocks.put(born.id(), count);
                        node.send(new Message.EniReady(request, born, node.fresh(count)));
                    }
                }
                case Effect other -> throw new AssertionError(other);
            }
        }
    }

    private void refuse(PoolFixture node, long request, AllocationError obstacle) {
        refused++;
        node.send(new Message.RequestFailed(request, obstacle, "EC2 says so"));
    }
}
