/// How `ipamctl` prints: [Table] for people, JSON for programs, by [OutputFormat].
@NullMarked
package io.vpceni.ipamctl.print;

import org.jspecify.annotations.NullMarked;
