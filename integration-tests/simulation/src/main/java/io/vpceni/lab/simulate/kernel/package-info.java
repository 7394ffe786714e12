/// The node's kernel: [SimKernel] has the links, routes and rules of sandboxes. It knows no other package of the
/// simulation.
@NullMarked
package io.vpceni.lab.simulate.kernel;

import org.jspecify.annotations.NullMarked;
