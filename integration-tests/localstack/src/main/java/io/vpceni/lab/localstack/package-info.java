/// LocalStack as the EC2 API behind the local VPC: an independent implementation that checks every call of the product.
///
/// ## Starting points
/// - [LocalStackBackend#start] finds or installs LocalStack, starts it, and puts the proxy before it.
/// - [MendingProxy] carries each call to LocalStack and applies the [Mend]s, one per thing that LocalStack gets wrong.
/// - [LocalStackServer#start] decides where LocalStack comes from: an endpoint that is there, an image, or the locked
/// wheels.
///
/// ## Invariants
/// - The product is not changed for it: only `AWS_ENDPOINT_URL_EC2` is set. LocalStack's errors are mended here, rule
///   by rule, and each rule can be switched off, so that a test can run the product against the unchanged LocalStack.
/// - The MAC of an ENI is the lab's own, a function of the ENI's id ([LabMac]).
/// - After `close` no process, container, thread or file of a run is left; the installation stays, for the next run.
@NullMarked
package io.vpceni.lab.localstack;

import org.jspecify.annotations.NullMarked;
