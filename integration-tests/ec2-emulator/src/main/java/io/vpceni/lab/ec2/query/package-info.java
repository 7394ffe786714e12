/// EC2's Query protocol: parameters in, XML out, refusals with EC2's codes. Knows nothing of any resource.
///
/// ## Starting points
/// - [Parameters] reads a request strictly: what nobody asked for is refused, not ignored.
/// - [FilterTable], [ResultPage] and [TagParameters] are the idioms that Describe and Create actions share.
/// - [Xml] writes an answer; [Ec2Refusal] is any answer that is an error.
@NullMarked
package io.vpceni.lab.ec2.query;

import org.jspecify.annotations.NullMarked;
