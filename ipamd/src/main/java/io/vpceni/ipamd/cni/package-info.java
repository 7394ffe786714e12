/// ipamd's side of CNI: reads requests, carries out ADD and DEL, writes answers.
///
/// The executable that the runtime calls only passes bytes on (module `cni-binary`); the rules of the CNI specification
/// are here and are tested without a kernel.
///
/// ## Starting points
/// - [CniServer] is the gRPC service on the unix socket.
/// - [CniCommand] is what a request asks for, [CniRequestReader] how it is read.
/// - [PodNetwork] carries out ADD and DEL: address from the pool, wiring by the kernel.
/// - [CniResult] writes a result in the version that the configuration asks for, [CniFailure] is an error.
///
/// ## Invariants
/// - Every request that was read gets a CNI result or a CNI error object, never a gRPC error.
/// - An address is released only after its rules and routes were deleted.
@NullMarked
package io.vpceni.ipamd.cni;

import org.jspecify.annotations.NullMarked;
