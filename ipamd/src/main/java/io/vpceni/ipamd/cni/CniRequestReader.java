package io.vpceni.ipamd.cni;

import static io.vpceni.ipamd.cni.CniErrorCode.INCOMPATIBLE_VERSION;
import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_CONFIGURATION;
import static io.vpceni.ipamd.cni.CniErrorCode.INVALID_ENVIRONMENT;
import static io.vpceni.ipamd.cni.CniErrorCode.NOT_SERVED;
import static io.vpceni.ipamd.cni.CniErrorCode.UNDECODABLE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.network.DefaultRoute;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.PodName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads a CNI request: the environment and the configuration of one execution of the plugin.
///
/// Pure. All problems with the environment are named in one error, as the specification wants it.
public final class CniRequestReader {
    /// CNI 1.1, section 2 "Parameters": container ids and network names.
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.\\-]*");

    private static final int IDENTIFIER_LENGTH_MAX = 255; // longer ones fit into no file name either
    private static final int INTERFACE_NAME_LENGTH_MAX = 15; // IFNAMSIZ - 1, include/uapi/linux/if.h

    private final ObjectMapper json;

    public CniRequestReader(ObjectMapper json) {
        this.json = json;
    }

    /// The version in which to answer, whatever else is wrong: that of the configuration if it can be read.
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
        CniVersion version = version(configuration);
        String command = environment.getOrDefault("CNI_COMMAND", "");
        return switch (command) {
            case "ADD" -> add(environment, configuration, version);
            case "DEL" -> new CniCommand.Del(version, key(environment, configuration, List.of()));
            case "STATUS" -> new CniCommand.Status(version);
            case "VERSION" -> new CniCommand.Version(version, CniVersion.texts());
            case "CHECK", "GC" ->
                throw new CniFailure(
                        NOT_SERVED,
                        "vpc-eni does not serve " + command + " in this version",
                        "the conflist that ipamd writes says disableCheck; nothing was changed");
            default ->
                throw new CniFailure(
                        INVALID_ENVIRONMENT, "CNI_COMMAND='" + command + "': want ADD, DEL, STATUS or VERSION");
        };
    }

    private CniCommand add(Map<String, String> environment, JsonNode configuration, CniVersion version)
            throws CniFailure {
        List<String> problems = new ArrayList<>();
        String netns = environment.getOrDefault("CNI_NETNS", "");
        if (netns.isEmpty()) {
            problems.add("CNI_NETNS is missing: want the path of the sandbox's network namespace");
        }
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
                podName(environment),
                netns,
                defaultRoute(configuration),
                new SourceCheck(configuration, environment).sources());
    }

    private static DefaultRoute defaultRoute(JsonNode configuration) throws CniFailure {
        JsonNode asked = configuration.path("defaultRoute");
        if (asked.isMissingNode() || asked.isNull()) {
            return DefaultRoute.IF_NONE;
        }
        if (!asked.isBoolean()) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration's defaultRoute is of JSON type " + asked.getNodeType()
                            + ": want true, false, or nothing for the default route unless another interface has it");
        }
        return asked.booleanValue() ? DefaultRoute.ALWAYS : DefaultRoute.NEVER;
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
        String text = configuration.path("cniVersion").asText("");
        return CniVersion.of(text)
                .orElseThrow(() -> new CniFailure(
                        INCOMPATIBLE_VERSION,
                        "cniVersion '" + text + "' is not supported",
                        "vpc-eni supports " + String.join(", ", CniVersion.texts())));
    }

    private static AttachmentKey key(
            Map<String, String> environment, JsonNode configuration, List<String> problemsSoFar) throws CniFailure {
        List<String> problems = new ArrayList<>(problemsSoFar);
        String container = environment.getOrDefault("CNI_CONTAINERID", "");
        if (!isIdentifier(container)) {
            problems.add("CNI_CONTAINERID" + found(container) + ": want letters, digits, '_', '.', '-'");
        }
        String interfaceName = environment.getOrDefault("CNI_IFNAME", "");
        if (!isInterfaceName(interfaceName)) {
            problems.add("CNI_IFNAME" + found(interfaceName) + ": want a link name of 1 to 15 characters");
        }
        if (!problems.isEmpty()) {
            throw new CniFailure(INVALID_ENVIRONMENT, String.join("; ", problems));
        }
        String network = configuration.path("name").asText("");
        if (!isIdentifier(network)) {
            throw new CniFailure(
                    INVALID_CONFIGURATION,
                    "the network configuration's name" + found(network) + ": want letters, digits, '_', '.', '-'");
        }
        return new AttachmentKey(network, container, interfaceName);
    }

    private static String found(String value) {
        return value.isEmpty() ? " is missing" : "='" + value + "'";
    }

    private static boolean isIdentifier(String text) {
        return text.length() <= IDENTIFIER_LENGTH_MAX
                && IDENTIFIER.matcher(text).matches();
    }

    private static boolean isInterfaceName(String text) {
        return !text.isEmpty()
                && text.length() <= INTERFACE_NAME_LENGTH_MAX
                && !text.equals(".")
                && !text.equals("..")
                && text.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ' || c > '~');
    }

    private static PodName podName(Map<String, String> environment) {
        Map<String, String> arguments = arguments(environment);
        return new PodName(arguments.getOrDefault("K8S_POD_NAMESPACE", ""), arguments.getOrDefault("K8S_POD_NAME", ""));
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
