/// How `./lab pod` and `./lab down` speak to the process that holds a lab: one JSON object a line, over a unix
/// socket in the lab's own directory, which only root may enter.
///
/// ## Starting points
/// - [ControlServer] answers for a lab that is held.
/// - [ControlClient] asks it.
@NullMarked
package io.vpceni.lab.control;

import org.jspecify.annotations.NullMarked;
