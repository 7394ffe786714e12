package io.vpceni.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The policy on `docs/iam.md` is the one that the embedded EC2 enforces.
class IamPageTest {
    @Test
    void aNodesRoleMayDoExactlyWhatThePageAllows() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("repository.root", "../.."), "docs", "iam.md"));
        int start = page.indexOf("```json") + "```json".length();
        JsonNode policy = new ObjectMapper().readTree(page.substring(start, page.indexOf("```", start)));

        SortedSet<String> allowed = new TreeSet<>();
        for (JsonNode statement : policy.get("Statement")) {
            statement
                    .get("Action")
                    .forEach(action -> allowed.add(action.asText().replaceFirst("^ec2:", "")));
        }

        assertThat(Ec2Settings.defaults().nodePolicy().actions()).isNotEmpty().isEqualTo(allowed);
    }
}
