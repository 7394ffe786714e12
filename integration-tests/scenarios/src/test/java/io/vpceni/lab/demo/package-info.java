@NullMarked
package io.vpceni.lab.demo;

import org.jspecify.annotations.NullMarked;
