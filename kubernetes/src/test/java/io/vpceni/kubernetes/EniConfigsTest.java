package io.vpceni.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.SubnetId;
import io.vpceni.eni.site.ZoneNetwork;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EniConfigsTest {
    private static final ZoneNetwork BLUE = new ZoneNetwork(new SubnetId("subnet-b"), List.of("sg-b"));
    private static final ZoneNetwork RED = new ZoneNetwork(new SubnetId("subnet-c"), List.of());
    private static final String ZONE = "eu-west-1a";

    private final EniConfigs configs =
            new EniConfigs(new EniConfigs.NodeKeys("example.com/config", "example.com/zone"));

    @Test
    void nothing_is_said_before_the_objects_are_known() {
        assertThat(configs.in(ZONE)).isEmpty();
    }

    @Test
    void a_nodes_annotation_goes_before_its_label_and_that_before_the_default() {
        configs.configsAre(
                Map.of("blue", BLUE, "red", RED, "default", new ZoneNetwork(new SubnetId("subnet-d"), List.of())));

        assertThat(configs.in(ZONE))
                .hasValueSatisfying(found -> assertThat(found.subnetId()).hasToString("subnet-d"));
        configs.nodeIs(Map.of(), Map.of("example.com/zone", "red"));
        assertThat(configs.in(ZONE)).contains(RED);
        configs.nodeIs(Map.of("example.com/config", "blue"), Map.of("example.com/zone", "red"));
        assertThat(configs.in(ZONE)).contains(BLUE);
    }

    @Test
    void an_object_that_is_changed_or_deleted_is_seen_at_the_next_question() {
        configs.nodeIs(Map.of("example.com/config", "blue"), Map.of());
        configs.configsAre(Map.of("blue", BLUE));
        configs.configsAre(Map.of("blue", RED));

        assertThat(configs.in(ZONE)).contains(RED);

        configs.configsAre(Map.of());
        assertThat(configs.in(ZONE)).isEmpty();
    }
}
