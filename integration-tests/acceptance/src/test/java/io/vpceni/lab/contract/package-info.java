/// The contract suite: one EC2 against which the product runs, and several that must be it.
///
/// Three groups of tests, each an abstract class: [WireContract] (calls of the AWS SDK) and [PortContract] (the
/// product's own calls) hold for every EC2; [DeviationContract] goes through the table of [Deviations], where each
/// row has two answers, EC2's and LocalStack's, and asks the EC2 under test for its own. A LocalStack that was
/// mended fails there.
///
/// Which EC2 it is, a [ContractBackend] says. `EmulationContractTest` is the embedded one; `LocalStackContractTest` is
/// LocalStack as a process, or the one at `LOCALSTACK_ENDPOINT`; `LocalStackContainerContractTest` is LocalStack by
/// Testcontainers.
@NullMarked
package io.vpceni.lab.contract;

import org.jspecify.annotations.NullMarked;
