/// EC2 for code that makes one call and waits for it: [RetryingEc2]. It queues and repeats calls by the rules of
/// `io.vpceni.eni.budget`, and unlike it waits and has a clock.
@NullMarked
package io.vpceni.eni.retry;

import org.jspecify.annotations.NullMarked;
