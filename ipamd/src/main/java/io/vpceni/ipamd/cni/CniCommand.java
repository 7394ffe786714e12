package io.vpceni.ipamd.cni;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.network.DefaultRoute;
import io.vpceni.network.PodSources;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    /// Is the sandbox as its ADD made it?
    ///
    /// @param netnsPath CNI_NETNS as the runtime set it
    /// @param addresses of this interface, as the result of the ADD and of the plugins after it says
    /// @param defaultRoute whether that result has a default route by this interface
    record Check(
            CniVersion version,
            AttachmentKey key,
            PodName pod,
            String netnsPath,
            Set<InetAddress> addresses,
            boolean defaultRoute)
            implements CniCommand {
        public Check {
            addresses = Set.copyOf(addresses);
        }
    }

    /// Take away what belongs to no attachment any more.
    ///
    /// @param network whose attachments are meant
    /// @param valid the attachments that the runtime has; empty: it does not say, and nothing is taken away
    record CollectGarbage(CniVersion version, String network, Optional<Set<AttachmentKey>> valid)
            implements CniCommand {}

    /// Can an ADD be served now?
    record Status(CniVersion version) implements CniCommand {}

    /// The versions that are supported. The executable answers it alone; here for completeness.
    record Version(CniVersion version, List<String> supported) implements CniCommand {}
}
