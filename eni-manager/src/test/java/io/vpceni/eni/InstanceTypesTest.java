package io.vpceni.eni;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ec2.model.InstanceType;

class InstanceTypesTest {

    /// Figures from the EC2 documentation; pods is the well-known "max pods" figure, ENIs x (addresses - 1) + 2.
    @ParameterizedTest(name = "{0}: {1} ENIs of {2}, {3} pods")
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            type,          enis, addresses, pods
            t2.micro,      2,    2,         4
            t2.xlarge,     3,    15,        44
            t3.nano,       2,    2,         4
            t3.small,      3,    4,         11
            t3.medium,     3,    6,         17
            t3.large,      3,    12,        35
            t3.xlarge,     4,    15,        58
            t3a.small,     2,    4,         8
            t4g.small,     3,    4,         11
            m5.large,      3,    10,        29
            m5.4xlarge,    8,    30,        234
            m5.24xlarge,   15,   50,        737
            c5.9xlarge,    8,    30,        234
            c5.18xlarge,   15,   50,        737
            m6g.medium,    2,    4,         8
            c7i.metal-48xl, 15,  50,        737
            r6i.32xlarge,  15,   50,        737
            p3dn.24xlarge, 15,   50,        737
            m4.16xlarge,   8,    30,        234
            g5.48xlarge,   7,    50,        345
            inf1.24xlarge, 11,   30,        321
            d3.8xlarge,    3,    20,        59
            """)
    void aTypeAllows(String type, int enis, int addresses, int pods) {
        NodeLimits limits = InstanceTypes.limits(type).orElseThrow();

        assertThat(limits).isEqualTo(new NodeLimits(enis, addresses));
        assertThat(limits.enisMax() * limits.slotsPerEni() + 2).isEqualTo(pods);
    }

    @Test
    void theTableSaysWhereItIsFromAndHasEachTypeOnce() throws IOException {
        try (InputStream table = InstanceTypes.class.getResourceAsStream("instance-types.csv")) {
            assertThat(new String(table.readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("# What EC2 instance types allow. Written by build/instance-types.py; do not edit.\n"
                            + "# Source: ");
        }
        assertThat(InstanceTypes.lines())
                .hasSizeGreaterThan(1100)
                .allMatch(
                        line -> line.matches("[a-z0-9-]+\\.[a-z0-9-]+,(nitro|xen|none),[0-9]+,[0-9]+([+][0-9]+){0,31}"))
                .extracting(line -> line.substring(0, line.indexOf(',')))
                .doesNotHaveDuplicates();
    }

    /// What the SDK's release knows and the table does not is not run by many: high memory, and one GPU rack.
    @Test
    void everyCurrentFamilyIsInTheTable() {
        Set<String> known = InstanceTypes.lines()
                .map(line -> line.substring(0, line.indexOf('.')))
                .collect(Collectors.toSet());
        Set<String> retired = Set.of("cc1", "cc2", "cg1", "cr1", "g2", "g3", "g3s", "hi1", "hs1", "p2");

        assertThat(InstanceType.knownValues())
                .extracting(InstanceType::toString)
                .extracting(type -> type.substring(0, type.indexOf('.')))
                .filteredOn(family -> !known.contains(family) && !retired.contains(family))
                .containsOnly("u-9tb1", "u-12tb1", "u-18tb1", "u-24tb1", "u7ib-12tb", "u7inh-32tb", "p6e-gb200");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            c6in.32xlarge, 8 8
            p4d.24xlarge,  15 15 15 15
            p6-b200.48xlarge, 4 4 4 4 4 4 4 4
            """)
    void eachNetworkCardHasItsOwnLimit(String type, String enis) {
        NodeLimits limits = InstanceTypes.limits(type).orElseThrow();

        assertThat(limits.enisMaxByCard().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(enis);
        assertThat(limits.onFirstCard())
                .isEqualTo(new NodeLimits(limits.enisMaxByCard().getFirst(), limits.addressesPerEniMax()));
    }

    @Test
    void anUnknownTypeMayHaveWhatTheLargestOfItsSizeHas() {
        assertThat(InstanceTypes.guess("z9.large")).isEqualTo(new NodeLimits(4, 20));
        assertThat(InstanceTypes.guess("z9.24xlarge")).isEqualTo(new NodeLimits(24, 64));
        assertThat(InstanceTypes.guess("z9.huge")).isEqualTo(new NodeLimits(24, 64));
        assertThat(InstanceTypes.guess("z9")).isEqualTo(InstanceTypes.guess("z9.huge"));
    }

    @Test
    void aPrefixOfATypeIsNoType() {
        assertThat(InstanceTypes.limits("m5")).isEmpty();
    }
}
