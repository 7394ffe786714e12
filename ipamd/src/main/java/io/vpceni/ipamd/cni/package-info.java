/// CNI as ipamd speaks it: requests read, answers written, ADD and DEL carried out.
///
/// The executable that the runtime calls only carries bytes (module `cni-binary`); every rule of the CNI specification
/// lives here and needs no kernel to be tested.
///
/// ## Starting points
/// - [CniServer] is the gRPC service on the unix socket.
/// - [CniCommand] is what a request asks for, [CniRequestReader] how it is read.
/// - [PodNetwork] carries out ADD and DEL: address from the pool, wiring by the kernel.
/// - [CniResult] words a success in the version that the configuration asks for, [CniFailure] a failure.
///
/// ## Invariants
/// - Every request gets an answer: a CNI result or a CNI error object, never a gRPC failure, once it was read.
/// - An address is given back to the pool only after its rules and routes are gone.
@NullMarked
package io.vpceni.ipamd.cni;

import org.jspecify.annotations.NullMarked;
