package io.vpceni.ipamd.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.MacAddress;
import io.vpceni.pool.EniId;
import java.net.Inet4Address;
import java.net.InetAddress;

/// Writes the answers: the result of an ADD (CNI 1.1, section 5 "ADD Success") and the error object, in the version
/// that the configuration asks for.
public final class CniResult {
    private final ObjectMapper json;

    public CniResult(ObjectMapper json) {
        this.json = json;
    }

    /// A pod that was wired.
    ///
    /// @param eni that the address belongs to; for the log, not for the result
    /// @param address the pod's address
    /// @param gateway of the interface, link-local
    /// @param mtu of both ends, octets
    /// @param defaultRoute whether the sandbox's default route is by that gateway
    public record Wired(
            String hostInterface,
            MacAddress hostMac,
            String podInterface,
            MacAddress podMac,
            String netnsPath,
            EniId eni,
            InetAddress address,
            InetAddress gateway,
            int mtu,
            boolean defaultRoute) {}

    byte[] added(CniVersion version, Wired wired) {
        boolean isIpv4 = wired.address() instanceof Inet4Address;
        ObjectNode root = json.createObjectNode().put("cniVersion", version.toString());
        var interfaces = root.putArray("interfaces");
        ObjectNode host = interfaces.addObject().put("name", wired.hostInterface());
        host.put("mac", wired.hostMac().toString());
        ObjectNode pod = interfaces.addObject().put("name", wired.podInterface());
        pod.put("mac", wired.podMac().toString());
        if (version.knowsInterfaceMtu()) {
            host.put("mtu", wired.mtu());
            pod.put("mtu", wired.mtu());
        }
        pod.put("sandbox", wired.netnsPath());
        ObjectNode ip = root.putArray("ips").addObject();
        if (version.namesFamilyOfEachAddress()) {
            ip.put("version", isIpv4 ? "4" : "6");
        }
        ip.put("interface", 1)
                .put("address", wired.address().getHostAddress() + (isIpv4 ? "/32" : "/128"))
                .put("gateway", wired.gateway().getHostAddress());
        var routes = root.putArray("routes");
        if (wired.defaultRoute()) {
            routes.addObject()
                    .put("dst", isIpv4 ? "0.0.0.0/0" : "::/0")
                    .put("gw", wired.gateway().getHostAddress());
        }
        root.putObject("dns");
        return bytes(root);
    }

    byte[] failed(CniVersion version, CniFailure failure) {
        String message = failure.getMessage();
        ObjectNode root = json.createObjectNode()
                .put("cniVersion", version.toString())
                .put("code", failure.code().code())
                .put("msg", message == null ? failure.code().name() : message);
        if (!failure.details().isEmpty()) {
            root.put("details", failure.details());
        }
        return bytes(root);
    }

    byte[] versions(CniCommand.Version command) {
        ObjectNode root =
                json.createObjectNode().put("cniVersion", command.version().toString());
        var supported = root.putArray("supportedVersions");
        command.supported().forEach(supported::add);
        return bytes(root);
    }

    private byte[] bytes(ObjectNode node) {
        try {
            return json.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers can always be written", e);
        }
    }
}
