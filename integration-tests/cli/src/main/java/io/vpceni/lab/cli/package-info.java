/// The lab's command line. [Lab] is `main`; each command is a class.
@NullMarked
package io.vpceni.lab.cli;

import org.jspecify.annotations.NullMarked;
