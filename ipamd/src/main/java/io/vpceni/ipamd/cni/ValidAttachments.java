package io.vpceni.ipamd.cni;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.config.AttachmentKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The attachments that the runtime has, as the configuration of a GC lists them (CNI 1.1, section 2 "GC").
///
/// The specification's text names the key `cni.dev/valid-attachments`; libcni writes that and `cni.dev/attachments`,
/// which the specification's example has. What either of them lists is valid. A key that is absent or null says
/// nothing: `cnitool gc` sends none.
final class ValidAttachments {
    private static final String[] KEYS = {"cni.dev/valid-attachments", "cni.dev/attachments"};

    private final JsonNode configuration;

    ValidAttachments(JsonNode configuration) {
        this.configuration = configuration;
    }

    /// @throws CniFailure INVALID_CONFIGURATION when a list cannot be understood: nothing may be taken away then
    CniCommand.CollectGarbage command(CniVersion version, String network) throws CniFailure {
        if (!version.hasGarbageCollection()) {
            throw new CniFailure(
                    CniErrorCode.INCOMPATIBLE_VERSION,
                    "GC came with version 1.1.0 of the specification, and the network configuration has cniVersion "
                            + version);
        }
        boolean isListed = false;
        Set<AttachmentKey> valid = new HashSet<>();
        for (String key : KEYS) {
            JsonNode list = configuration.path(key);
            if (!list.isMissingNode() && !list.isNull()) {
                isListed = true;
                read(key, list, network, valid);
            }
        }
        return new CniCommand.CollectGarbage(
                version, network, isListed ? Optional.of(Set.copyOf(valid)) : Optional.empty());
    }

    private static void read(String key, JsonNode list, String network, Set<AttachmentKey> valid) throws CniFailure {
        if (!list.isArray()) {
            throw wrong(key, list);
        }
        for (JsonNode entry : list) {
            JsonNode container = entry.path("containerID");
            JsonNode interfaceName = entry.path("ifname");
            if (!container.isTextual() || !interfaceName.isTextual()) {
                throw wrong(key, entry);
            }
            valid.add(new AttachmentKey(network, container.textValue(), interfaceName.textValue()));
        }
    }

    private static CniFailure wrong(String key, JsonNode found) {
        return new CniFailure(
                CniErrorCode.INVALID_CONFIGURATION,
                "the network configuration has \"" + key + "\": " + CniRequestReader.shown(found.toString(), 80)
                        + ": want a list of objects with containerID and ifname; nothing was taken away");
    }
}
