/// The plugin on a real operating system: functions of libc as native methods, which TeaVM turns into plain C calls.
///
/// Nothing in this package runs on a JVM.
@NullMarked
package io.vpceni.cni.libc;

import org.jspecify.annotations.NullMarked;
