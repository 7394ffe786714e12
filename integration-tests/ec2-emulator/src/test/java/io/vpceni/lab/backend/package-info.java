@NullMarked
package io.vpceni.lab.backend;

import org.jspecify.annotations.NullMarked;
