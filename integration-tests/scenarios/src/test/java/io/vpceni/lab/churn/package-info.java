/// The lab's own books of pods.
@NullMarked
package io.vpceni.lab.churn;

import org.jspecify.annotations.NullMarked;
