/// The plugin on a real operating system: libc's functions as natives that TeaVM turns into plain C calls.
///
/// Nothing of this package runs on a JVM.
@NullMarked
package io.vpceni.cni.libc;

import org.jspecify.annotations.NullMarked;
