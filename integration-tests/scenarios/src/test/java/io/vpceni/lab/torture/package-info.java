/// The torture, shortened.
@NullMarked
package io.vpceni.lab.torture;

import org.jspecify.annotations.NullMarked;
