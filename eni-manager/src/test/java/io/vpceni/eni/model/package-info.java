@NullMarked
package io.vpceni.eni.model;

import org.jspecify.annotations.NullMarked;
