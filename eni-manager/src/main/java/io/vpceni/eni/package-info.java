/// EC2, IMDS and the life of an ENI.
@NullMarked
package io.vpceni.eni;

import org.jspecify.annotations.NullMarked;
