package io.vpceni.lab.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.machine.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/// The container runtime of one node, as far as networking goes: it makes sandboxes and runs the real plugin in the
/// node's network namespace, with the configuration that ipamd wrote, as libcni does.
public final class CniRuntime {
    private static final Duration PLUGIN_MAX = Duration.ofSeconds(100); // longer than a plugin waits for ipamd
    private static final Duration DEL_ONCE_MAX =
            Duration.ofSeconds(10); // twice what a plugin waits for an ipamd that is away
    private static final int TRY_AGAIN_LATER = 11;
    private static final int DEL_ATTEMPTS_MAX = 20; // each waits 5 s for an ipamd that is away
    private static final String INTERFACE = "eth0";
    private static final int UNREADABLE = 999;

    private final LabResources resources;
    private final Namespace node;
    private final Path plugin;
    private final Path conflist;
    private final LongSupplier nanoTime;
    private final ObjectMapper json = new ObjectMapper();

    /// @param plugin the executable
    /// @param conflist the file that ipamd writes
    public CniRuntime(LabResources resources, Namespace node, Path plugin, Path conflist, LongSupplier nanoTime) {
        this.resources = resources;
        this.node = node;
        this.plugin = plugin;
        this.conflist = conflist;
        this.nanoTime = nanoTime;
    }

    /// Makes a sandbox and adds it to the network. A sandbox whose ADD failed is deleted from it, as the
    /// kubelet does, and taken away.
    ///
    /// @param role of the sandbox's namespace, unique in the lab
    /// @throws CniFailure what the plugin said
    public PodSandbox add(String role, String podNamespace, String podName) throws IOException {
        Namespace sandbox = resources.namespace(role);
        String containerId = containerId(sandbox);
        try {
            long begun = nanoTime.getAsLong();
            String answer = run("ADD", sandbox, containerId, podNamespace, podName, "", PLUGIN_MAX);
            Duration added = Duration.ofNanos(nanoTime.getAsLong() - begun);
            return new PodSandbox(podNamespace, podName, containerId, sandbox, address(answer), added, answer);
        } catch (IOException e) {
            try {
                deleteStubbornly(sandbox, containerId, podNamespace, podName, "", PLUGIN_MAX, DEL_ATTEMPTS_MAX);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            resources.remove(sandbox);
            throw e;
        }
    }

    /// The kubelet repeats a DEL that failed, for as long as it takes.
    private void deleteStubbornly(
            Namespace sandbox,
            String containerId,
            String podNamespace,
            String podName,
            String previousResult,
            Duration timeMax,
            int attemptsMax)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                String _ = run("DEL", sandbox, containerId, podNamespace, podName, previousResult, timeMax);
                return;
            } catch (RuntimeCniFailure e) {
                if (e.code() != TRY_AGAIN_LATER || attempt == attemptsMax) {
                    throw e;
                }
            }
        }
    }

    /// Deletes the sandbox from the network, then takes it away.
    ///
    /// @throws CniFailure what the plugin said; the sandbox stays
    public void delete(PodSandbox pod) throws IOException {
        delete(pod, PLUGIN_MAX, DEL_ATTEMPTS_MAX);
    }

    /// As [#delete], without repeating it for an ipamd that is away.
    ///
    /// @throws CniFailure what the plugin said; the sandbox stays
    public void deleteOnce(PodSandbox pod) throws IOException {
        delete(pod, DEL_ONCE_MAX, 1);
    }

    private void delete(PodSandbox pod, Duration timeMax, int attemptsMax) throws IOException {
        deleteStubbornly(
                pod.namespace(),
                pod.containerId(),
                pod.podNamespace(),
                pod.podName(),
                pod.result(),
                timeMax,
                attemptsMax);
        resources.remove(pod.namespace());
    }

    private String run(
            String command,
            Namespace sandbox,
            String containerId,
            String podNamespace,
            String podName,
            String previousResult,
            Duration timeMax)
            throws IOException {
        Program.Result result = Program.of(node.inside(List.of(plugin.toString())))
                .withTimeMax(timeMax)
                .withEnvironment(List.of(
                        "CNI_COMMAND=" + command,
                        "CNI_CONTAINERID=" + containerId,
                        "CNI_NETNS=" + sandbox.path(),
                        "CNI_IFNAME=" + INTERFACE,
                        "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=" + podNamespace + ";K8S_POD_NAME=" + podName
                                + ";K8S_POD_INFRA_CONTAINER_ID=" + containerId,
                        "CNI_PATH=" + plugin.getParent()))
                .withInput(configuration(previousResult))
                .runToEnd();
        if (result.status() != 0) {
            throw failure(command, podNamespace + "/" + podName, result);
        }
        return result.out();
    }

    /// The plugin's object of the list, with what the runtime adds (CNI specification 1.1.0, section 3, "Deriving
    /// execution configuration").
    private String configuration(String previousResult) throws IOException {
        JsonNode list = json.readTree(Files.readString(conflist));
        ObjectNode plugins = list.path("plugins").path(0).deepCopy();
        plugins.set("cniVersion", list.path("cniVersion"));
        plugins.set("name", list.path("name"));
        if (!previousResult.isEmpty()) {
            plugins.set("prevResult", json.readTree(previousResult));
        }
        return plugins.toString();
    }

    private InetAddress address(String answer) throws IOException {
        String address =
                json.readTree(answer).path("ips").path(0).path("address").asText();
        int slash = address.indexOf('/');
        if (slash < 0) {
            throw new IOException("the plugin's result names no address: " + answer);
        }
        return InetAddress.ofLiteral(address.substring(0, slash));
    }

    private RuntimeCniFailure failure(String command, String pod, Program.Result result) {
        try {
            JsonNode error = json.readTree(result.out());
            if (error != null && error.has("code")) {
                String details = error.path("details").asText("");
                return new RuntimeCniFailure(
                        command,
                        pod,
                        error.path("code").asInt(),
                        error.path("msg").asText() + (details.isEmpty() ? "" : " (" + details + ")"));
            }
        } catch (JsonProcessingException _) {
            // Not CNI's form: said below, with all that the plugin wrote.
        }
        return new RuntimeCniFailure(
                command, pod, UNREADABLE, "status " + result.status() + ", " + (result.out() + result.err()).strip());
    }

    /// 64 hex digits, as runtimes make them, the same for the same sandbox.
    private static String containerId(Namespace sandbox) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(sandbox.name().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
