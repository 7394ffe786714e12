@NullMarked
package io.vpceni.ipamd.journal;

import org.jspecify.annotations.NullMarked;
