package io.vpceni.netlink;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the one place of this package that reads the machine's clock.
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
@interface ThreadBoundary {}
