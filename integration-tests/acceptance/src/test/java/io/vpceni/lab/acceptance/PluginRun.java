package io.vpceni.lab.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.machine.Program;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// One execution of the real plugin in a node, with each variable and the configuration as the test wants them.
///
/// @param environment the CNI_* variables; what is not here is not set
/// @param stdin the configuration
record PluginRun(SiteNode node, SortedMap<String, String> environment, String stdin) {
    private static final Duration PLUGIN_MAX = Duration.ofSeconds(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What the plugin left.
    ///
    /// @param json its stdout; a missing node when there was none
    record Answer(int status, JsonNode json) {
        int code() {
            return json.path("code").asInt();
        }

        /// `msg` and `details` of an error object.
        String text() {
            return json.path("msg").asText() + " " + json.path("details").asText();
        }

        InetAddress address() {
            String cidr = json.path("ips").path(0).path("address").asText();
            return InetAddress.ofLiteral(cidr.substring(0, cidr.indexOf('/')));
        }
    }

    /// A correct request of the sandbox, with what ipamd wrote into the conflist of its node.
    static PluginRun of(String command, SiteNode node, Namespace sandbox) throws IOException {
        SortedMap<String, String> environment = new TreeMap<>(Map.of(
                "CNI_COMMAND",
                command,
                "CNI_CONTAINERID",
                sandbox.name(),
                "CNI_NETNS",
                sandbox.path().toString(),
                "CNI_IFNAME",
                "eth0",
                "CNI_ARGS",
                "IgnoreUnknown=1;K8S_POD_NAMESPACE=trial;K8S_POD_NAME=" + sandbox.name(),
                "CNI_PATH",
                "/opt/cni/bin"));
        JsonNode list = JSON.readTree(Files.readString(node.ipamd().conflist()));
        ObjectNode configuration = list.path("plugins").path(0).deepCopy();
        configuration.set("cniVersion", list.path("cniVersion"));
        configuration.set("name", list.path("name"));
        return new PluginRun(node, environment, configuration.toString());
    }

    PluginRun with(String variable, String value) {
        SortedMap<String, String> changed = new TreeMap<>(environment);
        changed.put(variable, value);
        return new PluginRun(node, changed, stdin);
    }

    PluginRun without(String variable) {
        SortedMap<String, String> changed = new TreeMap<>(environment);
        changed.remove(variable);
        return new PluginRun(node, changed, stdin);
    }

    PluginRun withStdin(String changed) {
        return new PluginRun(node, environment, changed);
    }

    PluginRun withCniVersion(String version) throws IOException {
        ObjectNode configuration = (ObjectNode) JSON.readTree(stdin);
        return withStdin(configuration.put("cniVersion", version).toString());
    }

    Answer run() throws IOException {
        Program.Result result = Program.of(node.vpcNode()
                        .namespace()
                        .inside(java.util.List.of(Trial.home()
                                .resolve("cni-binary/target/vpc-eni")
                                .toString())))
                .withTimeMax(PLUGIN_MAX)
                .withEnvironment(environment.entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList())
                .withInput(stdin)
                .runToEnd();
        return new Answer(result.status(), JSON.readTree(result.out()));
    }

    /// Begins, and leaves it to [#await] to look what came of it.
    FutureTask<Answer> begin() {
        FutureTask<Answer> task = new FutureTask<>(this::run);
        Thread _ = Thread.ofPlatform().name("plugin-run").daemon().start(task);
        return task;
    }

    static Answer await(FutureTask<Answer> begun) throws IOException, InterruptedException {
        try {
            return begun.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
