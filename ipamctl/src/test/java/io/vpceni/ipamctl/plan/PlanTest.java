package io.vpceni.ipamctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.InstanceTypes;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            type,          mode,      eni, ip, min, prefix, pods, addresses,  idle prefixes
            t3.small,      ADDRESSES, 1,   0,  0,   0,      0,    3,          0
            t3.small,      ADDRESSES, 1,   0,  0,   0,      1,    3+3,        0
            t3.small,      ADDRESSES, 1,   0,  0,   0,      5,    3+3+3,      0
            t3.small,      ADDRESSES, 1,   5,  10,  0,      0,    3+3+3,      0
            t3.small,      ADDRESSES, 1,   1,  0,   0,      5,    3+3,        0
            p3dn.24xlarge, ADDRESSES, 1,   0,  0,   0,      0,    49,         0
            p3dn.24xlarge, ADDRESSES, 1,   0,  0,   0,      3,    49+49,      0
            p3dn.24xlarge, ADDRESSES, 1,   0,  0,   0,      95,   49+49+49,   0
            p3dn.24xlarge, ADDRESSES, 1,   5,  10,  0,      0,    10,         0
            p3dn.24xlarge, ADDRESSES, 1,   5,  10,  0,      7,    12,         0
            p3dn.24xlarge, ADDRESSES, 1,   5,  10,  0,      15,   20,         0
            p3dn.24xlarge, ADDRESSES, 1,   5,  10,  0,      45,   49+1,       0
            p3dn.24xlarge, PREFIXES,  1,   0,  0,   1,      0,    16,         1
            p3dn.24xlarge, PREFIXES,  1,   0,  0,   1,      3,    32,         1
            p3dn.24xlarge, PREFIXES,  1,   0,  0,   1,      95,   112,        1
            p3dn.24xlarge, PREFIXES,  1,   5,  10,  1,      12,   32,         1
            t3.small,      PREFIXES,  1,   7,  20,  1,      0,    32,         2
            t3.small,      PREFIXES,  1,   7,  20,  1,      40,   48,         0
            """)
    void restsWhereTheAwsVpcCniDoes(
            String type,
            PoolMode mode,
            int warmEni,
            int warmIp,
            int minimumIp,
            int warmPrefix,
            int pods,
            String addresses,
            int idlePrefixes) {
        PoolSettings settings = new PoolSettings(
                warmEni, warmIp, minimumIp, 0, Duration.ofSeconds(30), mode, warmPrefix, 0, PolicyName.AWS);

        Plan.Row row = only(settings, InstanceTypes.limits(type).orElseThrow().onFirstCard(), pods);

        assertThat(row.perEni())
                .isEqualTo(Stream.of(addresses.split("\\+", -1))
                        .map(Integer::valueOf)
                        .toList());
        assertThat(row.idlePrefixes()).isEqualTo(idlePrefixes);
        assertThat(row.ours()).isEmpty();
        assertThat(row.total() - row.unused()).isEqualTo(Math.min(row.pods(), row.total()));
    }

    @Test
    void countsCallsFromTheEmptyNodeOn() {
        Plan.Row row = only(settings(5, 10, 0), new NodeLimits(15, 50), 7);

        assertThat(row.ec2Calls())
                .containsEntry("AssignPrivateIpAddresses", 3)
                .containsEntry("CreateNetworkInterface", 0);
    }

    @Test
    void marksWhereTheCapHoldsOursBack() {
        Plan.Row row = only(settings(0, 0, 20), new NodeLimits(3, 10), 10);

        assertThat(row.total()).isEqualTo(27);
        assertThat(row.ours())
                .hasValueSatisfying(ours -> assertThat(ours.total()).isEqualTo(20));
    }

    @Test
    void podsBeyondAllSlotsHaveNoAddress() {
        assertThat(only(settings(0, 0, 0), new NodeLimits(3, 4), 12).withoutAddress())
                .isEqualTo(3);
    }

    @Test
    void everyPolicyHasAnAddressForEveryPod() {
        for (PolicyName policy : PolicyName.values()) {
            PoolSettings settings =
                    new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 0, 0, policy);

            List<Plan.Row> rows = Plan.rows(settings, new NodeLimits(4, 15), new TreeSet<>(Set.of(0, 20, 56)));

            assertThat(rows).as(policy.name()).hasSize(3).allMatch(row -> row.withoutAddress() == 0);
        }
    }

    private static PoolSettings settings(int warmIp, int minimumIp, int podsMax) {
        return new PoolSettings(
                1, warmIp, minimumIp, 0, Duration.ofSeconds(30), PoolMode.ADDRESSES, 1, podsMax, PolicyName.AWS);
    }

    private static Plan.Row only(PoolSettings settings, NodeLimits limits, int pods) {
        return Plan.rows(settings, limits, new TreeSet<>(Set.of(pods))).getFirst();
    }
}
