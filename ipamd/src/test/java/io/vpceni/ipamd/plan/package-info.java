@NullMarked
package io.vpceni.ipamd.plan;

import org.jspecify.annotations.NullMarked;
