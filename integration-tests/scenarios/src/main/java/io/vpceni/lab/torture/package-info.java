/// ipamd is killed again and again while pods come and go and others talk.
///
/// ## Starting points
/// - [Torture] puts up a node, tortures it and judges.
/// - [Killer] is the other side: it kills and starts anew.
@NullMarked
package io.vpceni.lab.torture;

import org.jspecify.annotations.NullMarked;
