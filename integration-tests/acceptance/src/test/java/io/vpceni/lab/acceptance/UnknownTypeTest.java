package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node of a type that no table knows, whose role may not ask EC2 for the type's limits.
@Tag("root")
@Timeout(120)
class UnknownTypeTest {
    @Test
    void theFirstAddSucceeds() throws IOException {
        try (Trial trial = Trial.begin("tunknown")) {
            SitePlan plan = trial.plan(1);
            Site site = trial.site(plan.withWorld(plan.world().withInstanceType("lab9.large"))
                    .withFaults(List.of(FaultRule.of(new Fault.Refuse("UnauthorizedOperation"))
                            .on("DescribeInstanceTypes")
                            .from(FaultRule.NODES))));
            SiteNode node = site.nodes().firstEntry().getValue();

            SitePod first = site.addPod(node, "first");

            assertThat(first.address()).isNotNull();
            assertThat(site.infrastructure().embedded().calls().all())
                    .filteredOn(call -> call.action().equals("DescribeInstanceTypes"))
                    .filteredOn(call -> call.caller().equals(node.vpcNode().instanceId()))
                    .extracting(CallLog.Call::outcome)
                    .containsOnly("UnauthorizedOperation");
        }
    }
}
