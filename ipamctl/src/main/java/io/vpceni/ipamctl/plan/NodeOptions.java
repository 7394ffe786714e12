package io.vpceni.ipamctl.plan;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.InstanceTypes;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The node and its settings, as options. What is not given is as when the variable is not set.
final class NodeOptions {
    @Option(names = "--instance-type", paramLabel = "TYPE", description = "whose limits count, as in m5.large")
    private @Nullable String instanceType;

    @Option(names = "--enis", paramLabel = "N", description = "ENIs of the node, instead of the type's")
    private @Nullable Integer enis;

    @Option(
            names = "--addresses-per-eni",
            paramLabel = "N",
            description = "addresses of each ENI, its primary one included, instead of the type's")
    private @Nullable Integer addressesPerEni;

    @Option(names = "--warm-eni-target", paramLabel = "N", defaultValue = "1", description = "WARM_ENI_TARGET")
    private int warmEniTarget;

    @Option(names = "--warm-ip-target", paramLabel = "N", defaultValue = "0", description = "WARM_IP_TARGET")
    private int warmIpTarget;

    @Option(names = "--minimum-ip-target", paramLabel = "N", defaultValue = "0", description = "MINIMUM_IP_TARGET")
    private int minimumIpTarget;

    @Option(names = "--warm-prefix-target", paramLabel = "N", defaultValue = "1", description = "WARM_PREFIX_TARGET")
    private int warmPrefixTarget;

    @Option(names = "--prefix-delegation", description = "ENABLE_PREFIX_DELEGATION: prefixes of 16 addresses")
    private boolean prefixDelegation;

    @Option(names = "--max-eni", paramLabel = "N", defaultValue = "0", description = "MAX_ENI; 0 is no limit")
    private int maxEni;

    @Option(names = "--max-pods", paramLabel = "N", defaultValue = "0", description = "pods of the node; 0 is no cap")
    private int maxPods;

    NodeLimits limits(CommandSpec spec, Optional<String> otherwise) {
        Optional<String> type = Optional.ofNullable(instanceType).or(() -> enis == null ? otherwise : Optional.empty());
        Optional<NodeLimits> known = type.flatMap(InstanceTypes::limits).map(NodeLimits::onFirstCard);
        if (known.isEmpty() && (enis == null || addressesPerEni == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    type.map(name -> "the limits of instance type '" + name + "' are not known here")
                                    .orElse("no instance type")
                            + ": give --enis and --addresses-per-eni (the primary address included), as"
                            + " 'aws ec2 describe-instance-types' shows them");
        }
        try {
            return new NodeLimits(
                    enis != null ? enis : known.orElseThrow().enisMax(),
                    addressesPerEni != null
                            ? addressesPerEni
                            : known.orElseThrow().addressesPerEniMax());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--enis and --addresses-per-eni: " + e.getMessage(), e);
        }
    }

    PoolSettings settings(CommandSpec spec, PolicyName policy) {
        try {
            return new PoolSettings(
                    warmEniTarget,
                    warmIpTarget,
                    minimumIpTarget,
                    Math.max(0, maxEni),
                    Duration.ofSeconds(30),
                    prefixDelegation ? PoolMode.PREFIXES : PoolMode.ADDRESSES,
                    warmPrefixTarget,
                    maxPods,
                    policy);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
