/// EC2 by the AWS SDK. Start at [AwsEc2]. The only package that knows SDK types.
@NullMarked
package io.vpceni.eni.aws;

import org.jspecify.annotations.NullMarked;
