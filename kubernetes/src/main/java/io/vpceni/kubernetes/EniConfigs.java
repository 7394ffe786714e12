package io.vpceni.kubernetes;

import io.vpceni.eni.site.ZoneNetwork;
import io.vpceni.eni.site.ZoneNetworks;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Custom networking by ENIConfig objects (`crd.k8s.amazonaws.com/v1alpha1`), in place of the zone file. A watch of
/// these objects and of this node's Node object passes them in; until then no new ENIs are created. Thread-safe.
public final class EniConfigs implements ZoneNetworks {

    /// The annotation and label by which a Node names its ENIConfig, as in the AWS VPC CNI.
    ///
    /// @param annotation key of the annotation (`ENI_CONFIG_ANNOTATION_DEF`), which goes before the label
    /// @param label key of the label (`ENI_CONFIG_LABEL_DEF`)
    public record NodeKeys(String annotation, String label) {
        /// The AWS VPC CNI's defaults.
        public static final NodeKeys AWS = new NodeKeys("k8s.amazonaws.com/eniConfig", "k8s.amazonaws.com/eniConfig");
    }

    /// The ENIConfig for nodes that name none.
    static final String DEFAULT_NAME = "default";

    private record Known(Map<String, ZoneNetwork> configs, String chosen) {}

    private final NodeKeys keys;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(Map.of(), DEFAULT_NAME));

    public EniConfigs(NodeKeys keys) {
        this.keys = keys;
    }

    /// Replaces all ENIConfigs of the cluster.
    ///
    /// @param configs subnet and security groups by the object's name
    public void configsAre(Map<String, ZoneNetwork> configs) {
        Map<String, ZoneNetwork> all = Map.copyOf(configs);
        known.updateAndGet(before -> new Known(all, before.chosen()));
    }

    /// Replaces the Node's annotations and labels.
    public void nodeIs(Map<String, String> annotations, Map<String, String> labels) {
        String name = Optional.ofNullable(annotations.get(keys.annotation()))
                .or(() -> Optional.ofNullable(labels.get(keys.label())))
                .filter(text -> !text.isEmpty())
                .orElse(DEFAULT_NAME);
        known.updateAndGet(before -> new Known(before.configs(), name));
    }

    /// The zone is ignored: the Node names the ENIConfig.
    @Override
    public Optional<ZoneNetwork> in(String zone) {
        Known now = known.get();
        return Optional.ofNullable(now.configs().get(now.chosen()));
    }
}
