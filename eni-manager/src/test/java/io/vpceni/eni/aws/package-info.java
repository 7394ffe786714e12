@NullMarked
package io.vpceni.eni.aws;

import org.jspecify.annotations.NullMarked;
