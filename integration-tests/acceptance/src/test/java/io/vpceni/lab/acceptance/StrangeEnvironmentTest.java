package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What webhooks and charts put into every container does not stop a node's network.
@Tag("root")
@Timeout(180)
class StrangeEnvironmentTest {

    @Test
    void anAgentForEveryJvmAndEmptyVariablesOfTheSdkDoNotStopIpamd() throws IOException {
        try (Trial trial = Trial.begin("tstrange")) {
            Site site = trial.site(trial.plan(1)
                    .withIpamdSetting("JAVA_TOOL_OPTIONS", "-javaagent:/x/missing.jar")
                    .withIpamdSetting("_JAVA_OPTIONS", "-XX:NoSuchFlag=1")
                    .withIpamdSetting("AWS_USE_DUALSTACK_ENDPOINT", "")
                    .withIpamdSetting("AWS_USE_FIPS_ENDPOINT", "")
                    .withIpamdSetting("AWS_ENDPOINT_URL_STS", "")
                    .withIpamdSetting("HTTPS_PROXY", "me:hunter2@proxy.example:3128")
                    .withIpamdSetting("HTTP_PROXY", "me:hunter2@proxy.example:3128")
                    .withIpamdSetting("NO_PROXY", "10.0.0.0/8 , 198.51.100.0/24, .example"));
            SiteNode node = site.nodes().firstEntry().getValue();
            site.addPod(node, "pod");

            List<String> log = Files.readAllLines(node.ipamd().directories().log());
            assertThat(log)
                    .anyMatch(line -> line.contains("JVM options are set in the environment")
                            && line.contains("JAVA_TOOL_OPTIONS")
                            && line.contains("_JAVA_OPTIONS"));
            assertThat(log)
                    .anyMatch(line -> line.contains("AWS is called through a proxy")
                            && line.contains("http://me:***@proxy.example:3128"));
            assertThat(log).anyMatch(line -> line.contains("EC2 is called with the instance's role (IMDS)"));
            assertThat(log).noneMatch(line -> line.contains("hunter2"));
        }
    }
}
