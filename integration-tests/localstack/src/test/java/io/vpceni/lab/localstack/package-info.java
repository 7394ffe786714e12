/// The mends, each with an answer of LocalStack's as it was seen, and LocalStack itself.
@NullMarked
package io.vpceni.lab.localstack;

import org.jspecify.annotations.NullMarked;
