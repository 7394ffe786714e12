package io.vpceni.ipamd.cni;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/// What `prevResult` says of one interface of the sandbox: the result of the ADD, as the plugins after ours left it
/// (CNI 1.1, section 5 "Success").
///
/// @param defaultRoute whether there is a default route by a gateway of ours
record PrevResult(Set<InetAddress> addresses, boolean defaultRoute) {
    private static final String GATEWAY = "169.254.1.1";

    /// @throws CniFailure INVALID_CONFIGURATION when there is no result, or it has no address of that interface
    static PrevResult of(JsonNode configuration, String interfaceName) throws CniFailure {
        JsonNode result = configuration.path("prevResult");
        if (!result.isObject()) {
            throw new CniFailure(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "the network configuration has no prevResult: CHECK needs the result of the ADD, which the runtime"
                            + " keeps");
        }
        Set<InetAddress> addresses = new HashSet<>();
        for (JsonNode ip : result.path("ips")) {
            if (isOf(result, ip, interfaceName)) {
                addresses.add(address(ip.path("address").asText()));
            }
        }
        if (addresses.isEmpty()) {
            throw new CniFailure(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "the network configuration's prevResult has no address of the interface '" + interfaceName + "'");
        }
        boolean defaultRoute = false;
        for (JsonNode route : result.path("routes")) {
            defaultRoute |= route.path("dst").asText().endsWith("/0")
                    && route.path("gw").asText().equals(GATEWAY);
        }
        return new PrevResult(addresses, defaultRoute);
    }

    /// An entry without `interface` belongs to no interface in particular.
    private static boolean isOf(JsonNode result, JsonNode ip, String interfaceName) {
        if (!ip.hasNonNull("interface")) {
            return true;
        }
        JsonNode link = result.path("interfaces").path(ip.path("interface").asInt(-1));
        return link.path("name").asText().equals(interfaceName)
                && !link.path("sandbox").asText().isEmpty();
    }

    private static InetAddress address(String cidr) throws CniFailure {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        try {
            InetAddress read = InetAddress.ofLiteral(address);
            if (address.indexOf(':') >= 0 || read.getHostAddress().equals(address)) { // not 10.1 for 10.0.0.1
                return read;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw new CniFailure(
                CniErrorCode.INVALID_CONFIGURATION,
                "the network configuration's prevResult has the address '" + CniRequestReader.shown(cidr, 80)
                        + "': want one like 10.0.1.5/32");
    }
}
