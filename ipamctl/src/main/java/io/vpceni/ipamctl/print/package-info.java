/// How `ipamctl` prints: [Table] for people, JSON for programs, as [OutputFormat] says. Its subcommands stand in
/// `ctl`, those that need no daemon in `plan`.
@NullMarked
package io.vpceni.ipamctl.print;

import org.jspecify.annotations.NullMarked;
