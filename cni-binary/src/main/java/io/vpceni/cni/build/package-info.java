/// Makes the executable: TeaVM translates bytecode to C, and the machine's C compiler makes machine code. Runs only
/// during the build.
@NullMarked
package io.vpceni.cni.build;

import org.jspecify.annotations.NullMarked;
