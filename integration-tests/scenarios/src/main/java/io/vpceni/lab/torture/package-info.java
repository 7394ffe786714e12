/// ipamd is killed repeatedly while pods come and go and others exchange traffic.
///
/// ## Starting points
/// - [Torture] starts a node, runs the scenario and compares the records.
/// - [Killer] kills ipamd and starts it again.
@NullMarked
package io.vpceni.lab.torture;

import org.jspecify.annotations.NullMarked;
