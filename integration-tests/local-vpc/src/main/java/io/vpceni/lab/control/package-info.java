/// The connection of `./lab pod`, `./lab down` and other commands to the process that holds a lab: one JSON object per
/// line, over a unix socket in the lab's own directory, which only root can enter.
///
/// ## Starting points
/// - [ControlServer] is the server in the process that holds the lab.
/// - [ControlClient] is its client.
@NullMarked
package io.vpceni.lab.control;

import org.jspecify.annotations.NullMarked;
