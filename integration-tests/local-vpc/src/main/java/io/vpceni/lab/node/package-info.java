/// A node's own programs: ipamd, confined as its DaemonSet confines it, and the container runtime that runs the plugin.
///
/// ## Starting points
/// - [ConfinedIpamd] starts ipamd in its node, and stops it.
/// - [Confinement] is what ipamd may see and do, as the text of a script; pure.
/// - [CniRuntime] makes pod sandboxes and runs the real plugin as libcni does.
///
/// ## Invariants
/// - ipamd sees its image and three directories of its node, and nothing else of the machine.
/// - The plugin's configuration is what ipamd wrote into the node's conflist, never the lab's idea of it.
@NullMarked
package io.vpceni.lab.node;

import org.jspecify.annotations.NullMarked;
