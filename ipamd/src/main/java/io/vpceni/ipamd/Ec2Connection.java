package io.vpceni.ipamd;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.aws.Ec2Access;
import io.vpceni.eni.aws.Ec2Circuit;
import java.util.function.Supplier;

/// EC2 with its circuit breaker, credentials and proxies.
///
/// @param ec2 sends each call once
/// @param circuit whether EC2 is called at all
/// @param access credentials, clock difference and proxies
record Ec2Connection(Ec2 ec2, Supplier<Ec2Circuit> circuit, Supplier<Ec2Access> access) {}
