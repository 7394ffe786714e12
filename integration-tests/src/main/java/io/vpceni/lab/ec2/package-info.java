/// The embedded EC2: the Query API over HTTP, with EC2's own rules and error codes, and no account behind it.
@NullMarked
package io.vpceni.lab.ec2;

import org.jspecify.annotations.NullMarked;
