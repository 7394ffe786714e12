/// The lab and the product as they really run: namespaces, packets, processes. Everything here needs root.
///
/// ## Starting points
/// - [Trial] puts up a lab of its own for a test class and asserts at the end that nothing of it is left.
/// - [HandWiredPod] is a pod without our product: what the fabric does to a packet does not depend on ipamd.
/// - [PluginRun] runs the real plugin as a runtime would, or as none should.
@NullMarked
package io.vpceni.lab.acceptance;

import org.jspecify.annotations.NullMarked;
