package io.vpceni.lab.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {
    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            region,         zone id,    domain,                           partition
            us-east-1,      use1-az1,   ec2.internal,                     aws
            eu-west-1,      euw1-az1,   eu-west-1.compute.internal,       aws
            ap-southeast-2, apse2-az1,  ap-southeast-2.compute.internal,  aws
            ap-northeast-1, apne1-az1,  ap-northeast-1.compute.internal,  aws
            ca-central-1,   cac1-az1,   ca-central-1.compute.internal,    aws
            us-gov-west-1,  usgw1-az1,  us-gov-west-1.compute.internal,   aws-us-gov
            cn-northwest-1, cnnw1-az1,  cn-northwest-1.compute.internal,  aws-cn
            """)
    void namesFollowFromTheRegion(String name, String zoneId, String domain, String partition) {
        Region region = new Region(name);

        assertThat(Region.zoneId(region.zones().getFirst())).isEqualTo(zoneId);
        assertThat(region.internalDomain()).isEqualTo(domain);
        assertThat(region.partition()).isEqualTo(partition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "europe", "eu-west", "EU-WEST-1", "eu-west-1a", "eu_west_1"})
    void anythingElseIsNoRegion(String name) {
        assertThatThrownBy(() -> new Region(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + name + "' names no region: want one such as us-east-1 or eu-west-1");
    }

    @Test
    void aRegionHasThreeZones() {
        assertThat(new Region("eu-west-1").zones()).containsExactly("eu-west-1a", "eu-west-1b", "eu-west-1c");
    }
}
