/// Tests of `./lab` itself: the script, on a machine of stubs, and the command line behind it.
@NullMarked
package io.vpceni.lab.cli;

import org.jspecify.annotations.NullMarked;
