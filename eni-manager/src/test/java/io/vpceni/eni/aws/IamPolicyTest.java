package io.vpceni.eni.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// docs/iam.md names exactly the actions that AwsEc2 and BlockCalls call.
class IamPolicyTest {

    private static final Path ROOT = Path.of(System.getProperty("repository.root"));

    @Test
    void thePolicyAllowsWhatIsCalledAndNothingElse() throws IOException {
        Path sources = ROOT.resolve("eni-manager/src/main/java/io/vpceni/eni/aws");
        String source = Files.readString(sources.resolve("AwsEc2.java"))
                + Files.readString(sources.resolve("AddressCalls.java"));
        Set<String> called = new TreeSet<>();
        Matcher call = Pattern.compile("ec2\\.([a-z]\\w+)\\(").matcher(source);
        while (call.find()) {
            String method = call.group(1);
            called.add("ec2:" + Character.toUpperCase(method.charAt(0)) + method.substring(1));
        }

        assertThat(allowed()).isEqualTo(called).hasSize(13);
    }

    private static Set<String> allowed() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/iam.md"));
        int begin = page.indexOf("```json") + "```json".length();
        JsonNode policy = new ObjectMapper().readTree(page.substring(begin, page.indexOf("```", begin)));
        Set<String> actions = new TreeSet<>();
        for (JsonNode statement : policy.path("Statement")) {
            JsonNode action = statement.path("Action");
            if (action.isTextual()) {
                actions.add(action.textValue());
            }
            for (JsonNode one : action) {
                actions.add(one.textValue());
            }
        }
        return actions;
    }
}
