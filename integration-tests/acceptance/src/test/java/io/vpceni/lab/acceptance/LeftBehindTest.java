package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ipamd leaves on a node goes by the commands of docs/migration.md.
@Tag("root")
@Timeout(180)
class LeftBehindTest {
    private static final Pattern COMMAND = Pattern.compile("`(nft [^`]*)`");

    @Test
    void theCommandsOfTheGuideLeaveNoTableOfOurs() throws IOException, InterruptedException {
        List<String> commands = Files.readString(Trial.home().resolve("docs/migration.md"))
                .lines()
                .filter(line -> line.startsWith("| NAT |") || line.startsWith("| filter of pods' packets |"))
                .flatMap(line -> COMMAND.matcher(line).results().map((MatchResult found) -> found.group(1)))
                .toList();
        try (Trial trial = Trial.begin("tleftbehind")) {
            Site site = trial.site(trial.plan(1));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace host = node.vpcNode().namespace();
            node.ipamd().process().destroy();
            int _ = node.ipamd().process().waitFor();
            assertThat(tables(host)).contains("table ip vpc-eni", "table ip vpc-eni-pods");

            for (String command : commands) {
                host.program(command.split(" ", -1)).run();
            }

            assertThat(tables(host)).noneMatch(table -> table.contains("vpc-eni"));
        }
    }

    private static List<String> tables(Namespace host) throws IOException {
        return host.program("nft", "list", "tables").run().lines().toList();
    }
}
