/// Makes the executable: bytecode to C by TeaVM, C to machine code by the machine's compiler. Runs in the build only.
@NullMarked
package io.vpceni.cni.build;

import org.jspecify.annotations.NullMarked;
