package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Ec2GaugesTest {

    @Test
    void theBudgetIsShownByAction() {
        assertThat(samples(SampleEc2Status.busy()))
                .contains(
                        "vpceni_ec2_budget_tokens{action=\"CreateNetworkInterface\"} 0.25",
                        "vpceni_ec2_budget_calls_per_second{action=\"CreateNetworkInterface\"} 0.5",
                        "vpceni_ec2_budget_queued_calls{action=\"CreateNetworkInterface\"} 1",
                        "vpceni_ec2_budget_queued_calls{action=\"DescribeNetworkInterfaces\"} 0",
                        "vpceni_ec2_calls_in_flight 1");
    }

    @Test
    void exactlyOneStateOfTheCircuitIsOne() {
        assertThat(samples(SampleEc2Status.busy()))
                .filteredOn(line -> line.startsWith("vpceni_ec2_circuit"))
                .containsExactly(
                        "vpceni_ec2_circuit{state=\"closed\"} 0",
                        "vpceni_ec2_circuit{state=\"half_open\"} 0",
                        "vpceni_ec2_circuit{state=\"open\"} 1");
    }

    @Test
    void everyPhaseIsShownAlsoWithoutAnEni() {
        assertThat(samples(SampleEc2Status.busy()))
                .contains(
                        "vpceni_enis{phase=\"ready\"} 1",
                        "vpceni_enis{phase=\"link_missing\"} 1",
                        "vpceni_enis{phase=\"creating\"} 1",
                        "vpceni_enis{phase=\"detaching\"} 0");
    }

    @Test
    void aSubnetThatBacksOffForPrefixesOnlyCountsToo() {
        assertThat(samples(SampleEc2Status.busy())).contains("vpceni_subnets_backing_off 1");
        assertThat(samples(SampleEc2Status.idle())).contains("vpceni_subnets_backing_off 0");
    }

    @Test
    void openOperationsAndTheNodesEndAreNumbers() {
        assertThat(samples(SampleEc2Status.busy()))
                .contains("vpceni_eni_operations_open 2", "vpceni_node_terminating 0");
    }

    private static List<String> samples(Ec2Status ec2) {
        StringBuilder text = new StringBuilder();
        new Ec2Gauges(() -> ec2).families().forEach(family -> family.write(text));
        return text.toString().lines().filter(line -> !line.startsWith("#")).toList();
    }
}
