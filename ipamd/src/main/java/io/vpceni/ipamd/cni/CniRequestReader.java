package io.vpceni.ipamd.cni;

import static io.vpceni.ipamd.cni.CniErrorCode.INCOMPATIBLE_VERSION;
import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_CONFIGURATION;
import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_ENVIRONMENT;
import static io.vpceni.ipamd.cni.CniErrorCode.UNDECODABLE;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodWiring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a CNI request: the environment and the configuration of one execution of the plugin.
///
/// Pure. All problems with the environment are named in one error, as the specification wants it.
///
/// A DEL with invalid parameters must succeed when no ADD with them can have succeeded, because the runtime would
/// repeat it forever.
public final class CniRequestReader {
    /// CNI 1.1, section 2 "Parameters": container ids and network names.
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.\\-]*");

    private static final int INTERFACE_NAME_LENGTH_MAX = 15; // IFNAMSIZ - 1, include/uapi/linux/if.h
    private static final int USUAL_CONTAINER_ID_LENGTH = 64; // of containerd and CRI-O: 32 bytes in hexadecimal digits

    /// Leaves room for the rest of the key.
    private static final int NETWORK_LENGTH_MAX =
            PodWiring.KEY_LENGTH_MAX - USUAL_CONTAINER_ID_LENGTH - INTERFACE_NAME_LENGTH_MAX;

    private static final int SHOWN_LENGTH_MAX = 80;

    private static final int POD_NAME_LENGTH_MAX = 253; // of any Kubernetes object: a DNS subdomain, RFC 1123

    /// A hundred times the usual number; parsed, some megabytes.
    private static final long TOKENS_MAX = 50_000;

    private static final int DEPTH_MAX = 100;

    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxTokenCount(TOKENS_MAX)
                    .maxNestingDepth(DEPTH_MAX)
                    .build())
            .build());

    /// The version for the answer: that of the configuration if it can be read.
    public CniVersion versionForErrors(byte[] stdin) {
        try {
            JsonNode root = json.readTree(stdin);
            return root == null
                    ? CniVersion.V1_0_0
                    : CniVersion.of(root.path("cniVersion").asText("")).orElse(CniVersion.V1_0_0);
        } catch (IOException _) {
            return CniVersion.V1_0_0;
        }
    }

    /// @param environment the CNI_* variables
    /// @param stdin the network configuration
    public CniCommand read(Map<String, String> environment, byte[] stdin) throws CniFailure {
        JsonNode configuration = parse(stdin);
        String command = environment.getOrDefault("CNI_COMMAND", "");
        return switch (command) {
            case "ADD" -> add(environment, configuration, version(configuration));
            case "DEL" -> del(environment, configuration);
            case "STATUS" -> new CniCommand.Status(version(configuration));
            case "VERSION" -> new CniCommand.Version(version(configuration), CniVersion.texts());
            case "CHECK" -> check(environment, configuration, version(configuration));
            case "GC" -> new ValidAttachments(configuration).command(version(configuration), network(configuration));
            default ->
                throw new CniFailure(
                        INVALID_ENVIRONMENT,
                        "CNI_COMMAND='" + command + "': want ADD, DEL, CHECK, GC, STATUS or VERSION");
        };
    }

    private CniCommand add(Map<String, String> environment, JsonNode configuration, CniVersion version)
            throws CniFailure {
        List<String> problems = new ArrayList<>();
        String netns = netns(environment, problems);
        AttachmentKey key = key(environment, configuration, problems);
        if (configuration.hasNonNull("prevResult")) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "vpc-eni makes the pod's interface, so it must be the first plugin of the list '" + key.network()
                            + "'; the configuration already has a prevResult");
        }
        return new CniCommand.Add(
                version,
                key,
                boundedPodName(environment),
                netns,
                defaultRoute(configuration),
                new SourceCheck(configuration, environment).sources());
    }

    /// Needs what an ADD needs, and the result of the ADD (CNI 1.1, section 2 "CHECK").
    private static CniCommand check(Map<String, String> environment, JsonNode configuration, CniVersion version)
            throws CniFailure {
        if (!version.hasCheck()) {
            throw new CniFailure(
                    INCOMPATIBLE_VERSION,
                    "CHECK came with version 0.4.0 of the specification, and the network configuration has cniVersion "
                            + version);
        }
        List<String> problems = new ArrayList<>();
        String netns = netns(environment, problems);
        AttachmentKey key = key(environment, configuration, problems);
        PrevResult prevResult = PrevResult.of(configuration, key.interfaceName());
        return new CniCommand.Check(
                version, key, boundedPodName(environment), netns, prevResult.addresses(), prevResult.defaultRoute());
    }

    private static String netns(Map<String, String> environment, List<String> problems) {
        String netns = environment.getOrDefault("CNI_NETNS", "");
        if (netns.isEmpty()) {
            problems.add("CNI_NETNS is missing: want the path of the sandbox's network namespace");
        }
        return netns;
    }

    private static DefaultRoute defaultRoute(JsonNode configuration) throws CniFailure {
        JsonNode asked = configuration.path("defaultRoute");
        if (asked.isMissingNode() || asked.isNull()) {
            return DefaultRoute.IF_NONE;
        }
        if (!asked.isBoolean()) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration has \"defaultRoute\": " + shown(asked.toString())
                            + ": want true, false, or nothing for the default route unless another interface has it");
        }
        return asked.booleanValue() ? DefaultRoute.ALWAYS : DefaultRoute.NEVER;
    }

    /// Needs container id and interface name, and nothing else (CNI 1.1, section 2 "DEL").
    private static CniCommand del(Map<String, String> environment, JsonNode configuration) throws CniFailure {
        JsonNode text = configuration.path("cniVersion");
        CniVersion version = CniVersion.of(text.asText("")).orElse(CniVersion.V1_0_0);
        List<String> missing = Stream.of("CNI_CONTAINERID", "CNI_IFNAME")
                .filter(name -> environment.getOrDefault(name, "").isEmpty())
                .map(name -> name + " is missing")
                .toList();
        if (!missing.isEmpty()) {
            throw new CniFailure(INVALID_ENVIRONMENT, String.join("; ", missing));
        }
        try {
            return new CniCommand.Del(version, key(environment, configuration, List.of()));
        } catch (CniFailure e) {
            return new CniCommand.NothingToUndo(version, String.valueOf(e.getMessage()));
        }
    }

    private JsonNode parse(byte[] stdin) throws CniFailure {
        JsonNode root;
        try {
            root = json.readTree(stdin);
        } catch (JsonProcessingException e) {
            throw new CniFailure(
                    UNDECODABLE,
                    "the network configuration on stdin is not JSON: " + e.getOriginalMessage(),
                    "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new CniFailure(UNDECODABLE, "the network configuration on stdin cannot be read", e);
        }
        if (root == null || !root.isObject()) {
            throw new CniFailure(UNDECODABLE, "the network configuration on stdin is empty or not a JSON object");
        }
        return root;
    }

    private static CniVersion version(JsonNode configuration) throws CniFailure {
        String text = string(configuration, "cniVersion");
        return CniVersion.of(text)
                .orElseThrow(() -> new CniFailure(
                        INCOMPATIBLE_VERSION,
                        text.isEmpty()
                                ? "the network configuration has no cniVersion"
                                : "cniVersion '" + text + "' is not supported",
                        "vpc-eni supports " + String.join(", ", CniVersion.texts())));
    }

    /// A member that is a string; "" when it is missing.
    private static String string(JsonNode configuration, String member) throws CniFailure {
        JsonNode value = configuration.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration has \"" + member + "\": " + shown(value.toString()) + ": want a string");
        }
        return value.textValue();
    }

    private static AttachmentKey key(
            Map<String, String> environment, JsonNode configuration, List<String> problemsSoFar) throws CniFailure {
        List<String> problems = new ArrayList<>(problemsSoFar);
        String container = environment.getOrDefault("CNI_CONTAINERID", "");
        String interfaceName = environment.getOrDefault("CNI_IFNAME", "");
        if (!isIdentifier(container)) {
            problems.add("CNI_CONTAINERID" + found(container)
                    + ": want letters, digits, '_', '.', '-', beginning with a letter or digit");
        }
        if (!isInterfaceName(interfaceName)) {
            problems.add("CNI_IFNAME" + found(interfaceName) + ": want a link name of 1 to 15 characters, "
                    + "printable ASCII without blanks, '/' and ':', and neither '.' nor '..'");
        }
        if (!problems.isEmpty()) {
            throw new CniFailure(INVALID_ENVIRONMENT, String.join("; ", problems));
        }
        String network = network(configuration);
        int room = PodWiring.KEY_LENGTH_MAX - network.length() - interfaceName.length();
        if (container.length() > room) {
            throw new CniFailure(
                    INVALID_ENVIRONMENT,
                    "CNI_CONTAINERID has " + container.length() + " characters: want at most " + room + ", because "
                            + "with the network name '" + network + "' and CNI_IFNAME it must fit into a link's alias");
        }
        return new AttachmentKey(network, container, interfaceName);
    }

    private static String network(JsonNode configuration) throws CniFailure {
        String network = string(configuration, "name");
        if (!isIdentifier(network)) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration's name" + found(network)
                            + ": want letters, digits, '_', '.', '-', beginning with a letter or digit");
        }
        if (network.length() > NETWORK_LENGTH_MAX) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration's name" + found(network) + " has " + network.length()
                            + " characters: want at most " + NETWORK_LENGTH_MAX);
        }
        return network;
    }

    private static String found(String value) {
        return value.isEmpty() ? " is missing" : "='" + shown(value) + "'";
    }

    private static String shown(String value) {
        return shown(value, SHOWN_LENGTH_MAX);
    }

    /// CNI 1.1, section 2 "Parameters"; how long it may be depends on the rest of the key.
    private static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text).matches();
    }

    private static boolean isInterfaceName(String text) {
        return !text.isEmpty()
                && text.length() <= INTERFACE_NAME_LENGTH_MAX
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ' || c > '~');
    }

    /// The text of a refused request for errors and logs: long names are cut.
    static PodName shownPodName(Map<String, String> environment) {
        PodName pod = podName(environment);
        return new PodName(shown(pod.namespace(), POD_NAME_LENGTH_MAX), shown(pod.name(), POD_NAME_LENGTH_MAX));
    }

    /// At most so many characters, and three dots for the rest.
    static String shown(String value, int lengthMax) {
        return value.length() > lengthMax ? value.substring(0, lengthMax) + "..." : value;
    }

    /// The pod's name from CNI_ARGS; "" for what the runtime does not set.
    private static PodName podName(Map<String, String> environment) {
        Map<String, String> arguments = arguments(environment);
        return new PodName(arguments.getOrDefault("K8S_POD_NAMESPACE", ""), arguments.getOrDefault("K8S_POD_NAME", ""));
    }

    /// As [#podName], of one that fits into a line of the journal.
    private static PodName boundedPodName(Map<String, String> environment) throws CniFailure {
        PodName pod = podName(environment);
        for (String name : List.of(pod.namespace(), pod.name())) {
            if (name.length() > POD_NAME_LENGTH_MAX) {
                throw new CniFailure(
                        INVALID_ENVIRONMENT,
                        "CNI_ARGS has a pod's namespace or name of " + name.length() + " characters: want at most "
                                + POD_NAME_LENGTH_MAX);
            }
        }
        return pod;
    }

    static Map<String, String> arguments(Map<String, String> environment) {
        Map<String, String> arguments = new HashMap<>();
        for (String pair : environment.getOrDefault("CNI_ARGS", "").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return arguments;
    }
}
