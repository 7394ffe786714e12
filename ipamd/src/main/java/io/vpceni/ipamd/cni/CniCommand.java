package io.vpceni.ipamd.cni;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodSources;
import java.util.List;

/// What one execution of the plugin asks for (CNI 1.1, section 2).
public sealed interface CniCommand {
    /// Create the interface `key.interfaceName()` in the sandbox and connect it.
    ///
    /// @param netnsPath CNI_NETNS as the runtime set it; the result repeats it unchanged
    /// @param defaultRoute the configuration's `defaultRoute`: whether packets leave by this interface
    /// @param sources which source addresses the pod's packets may have
    record Add(
            CniVersion version,
            AttachmentKey key,
            PodName pod,
            String netnsPath,
            DefaultRoute defaultRoute,
            PodSources sources)
            implements CniCommand {
        /// For a pod that sends with its own address only.
        Add(CniVersion version, AttachmentKey key, PodName pod, String netnsPath, DefaultRoute defaultRoute) {
            this(version, key, pod, netnsPath, defaultRoute, PodSources.OWN);
        }
    }

    /// Undo an ADD. Succeeds when there is nothing left to undo.
    record Del(CniVersion version, AttachmentKey key) implements CniCommand {}

    /// A DEL with a key with which ADDs are refused: there is nothing to delete.
    ///
    /// @param why what is wrong with the key
    record NothingToUndo(CniVersion version, String why) implements CniCommand {}

    /// Can an ADD be served now?
    record Status(CniVersion version) implements CniCommand {}

    /// The versions that are supported. The executable answers it alone; here for completeness.
    record Version(CniVersion version, List<String> supported) implements CniCommand {}
}
