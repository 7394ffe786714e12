/// The training run of the JVM's ahead-of-time cache (JEP 514): the build starts the real [io.vpceni.ipamd.Daemon]
/// once, lets it serve pods, and the JVM writes down which classes it loaded and what they did.
///
/// It needs no root, no network and no AWS: [TrainingAws] answers as IMDS, EC2 and STS on a local page, and
/// [TrainingKernel] does nothing and says that it is done. Nothing of this package is part of the distribution.
///
/// Starting point: [AotTrainingRun]; `build/MakeDistribution.java` runs it.
@NullMarked
package io.vpceni.distribution;

import org.jspecify.annotations.NullMarked;
