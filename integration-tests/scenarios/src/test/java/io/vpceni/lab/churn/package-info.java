/// The lab's own records of pods.
@NullMarked
package io.vpceni.lab.churn;

import org.jspecify.annotations.NullMarked;
