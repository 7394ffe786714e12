/// What the owner of this node's ENIs does with one message: the ENI state machine decides, its intents are written,
/// then calls wait for their turn and links are set up.
///
/// [EniLoop] has no thread, no mailbox and no clock, so that the daemon and the simulation run the same class. Above
/// [io.vpceni.eni.lifecycle.EniStateMachine] and [io.vpceni.eni.budget.RequestScheduler], which know nothing of it.
///
/// ## Invariants
/// - No call of a decision leaves before all intents of that decision are on the disk.
/// - Every call of a decision ends with exactly one answer or failure, and no answer is believed twice.
@NullMarked
package io.vpceni.eni.loop;

import org.jspecify.annotations.NullMarked;
