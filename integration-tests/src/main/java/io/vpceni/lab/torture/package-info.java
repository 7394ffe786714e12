/// ipamd is killed again and again while pods come and go and others talk.
///
/// ## Starting points
/// - [Torture] puts up a node, tortures it and judges.
/// - [Ledger] keeps books of its own: who has which address, by what the plugin answered.
/// - [Flow] is the traffic of a pod that stays.
@NullMarked
package io.vpceni.lab.torture;

import org.jspecify.annotations.NullMarked;
