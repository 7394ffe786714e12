/// A node's own programs: ipamd, confined as its DaemonSet confines it, and the container runtime that runs the plugin.
///
/// ## Starting points
/// - [ConfinedIpamd] starts ipamd in its node, and stops it.
/// - [Confinement] is the script that restricts ipamd, as text; pure.
/// - [CniRuntime] creates pod sandboxes and runs the real plugin as libcni does.
///
/// ## Invariants
/// - ipamd sees its image and three directories of its node, and nothing else of the machine.
/// - The plugin's configuration is what ipamd wrote into the node's conflist, never one that the lab makes.
@NullMarked
package io.vpceni.lab.node;

import org.jspecify.annotations.NullMarked;
