package io.vpceni.eni;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.pool.NodeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void everyLineIsATypeOnceWithFiveColumns() {
        assertThat(InstanceTypes.lines())
                .hasSizeGreaterThan(400)
                .allMatch(line -> line.matches("[a-z0-9-]+\\.[a-z0-9-]+,[0-9]+,[0-9]+,1,(nitro|xen|none)"))
                .extracting(line -> line.substring(0, line.indexOf(',')))
                .doesNotHaveDuplicates();
    }

    @Test
    void aPrefixOfATypeIsNoType() {
        assertThat(InstanceTypes.limits("m5")).isEmpty();
    }
}
