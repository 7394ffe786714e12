/// What happens in a world by itself: [Accidents] chooses one [Accident] at a time. [NodeAccidents] happen to the node,
/// [KernelAccidents] to its links, routes and rules.
@NullMarked
package io.vpceni.lab.simulate.accident;

import org.jspecify.annotations.NullMarked;
