/// Incidents of other projects as sequences of events: [Incidents] has all of them, an [IncidentWorld] is a world
/// without faults in which they happen, [IncidentMutants] has the rules of those projects.
@NullMarked
package io.vpceni.lab.simulate.incident;

import org.jspecify.annotations.NullMarked;
