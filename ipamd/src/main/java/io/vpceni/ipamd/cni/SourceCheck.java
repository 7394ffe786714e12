package io.vpceni.ipamd.cni;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.network.PodSources;
import java.util.Map;

/// Switches the source check off for one pod that routes for others: `"podSourceCheck": false` in its network
/// configuration, or `VPC_ENI_POD_SOURCE_CHECK=false` in CNI_ARGS.
///
/// Not `args.cni` and not `runtimeConfig`: meta plugins fill those from the pod's own annotations. Only those who may
/// configure the node's networks can set the two used here: see docs/security.md.
record SourceCheck(JsonNode configuration, Map<String, String> environment) {

    private static final String KEY = "podSourceCheck";
    private static final String ARGUMENT = "VPC_ENI_POD_SOURCE_CHECK";

    PodSources sources() throws CniFailure {
        JsonNode key = configuration.path(KEY);
        if (!key.isMissingNode() && !key.isNull() && !key.isBoolean()) {
            throw new CniFailure(
                    CniErrorCode.INVALID_CONFIGURATION, "'" + KEY + "' is " + key + ": want true or false");
        }
        String argument = CniRequestReader.arguments(environment).getOrDefault(ARGUMENT, "true");
        if (!argument.equals("true") && !argument.equals("false")) {
            throw new CniFailure(
                    CniErrorCode.INVALID_ENVIRONMENT,
                    "CNI_ARGS has " + ARGUMENT + "='" + argument + "': want true or false");
        }
        return key.asBoolean(true) && argument.equals("true") ? PodSources.OWN : PodSources.ANY;
    }
}
