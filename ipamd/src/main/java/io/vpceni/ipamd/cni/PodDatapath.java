package io.vpceni.ipamd.cni;

import io.vpceni.network.PodExpectation;
import io.vpceni.pool.Assignment;
import java.io.Serial;
import java.util.List;

/// What ADD and DEL need of the kernel.
public interface PodDatapath {
    /// The sandbox whose descriptor was sent with this nonce. Waits for it, bounded.
    ///
    /// @throws CniFailure when it did not come
    Sandbox sandbox(byte[] nonce) throws CniFailure, InterruptedException;

    /// Deletes rules and routes of the address. Succeeds when there are none.
    ///
    /// @throws CniFailure when the kernel refused; the address must then stay with its key
    void unwire(Assignment assignment) throws CniFailure;

    /// It is unknown whether the kernel did it.
    final class OutcomeUnknown extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// An open sandbox.
    interface Sandbox extends AutoCloseable {
        /// Creates the pod's interface and routes, or accepts those of an earlier try of the same ADD.
        ///
        /// @throws CniFailure when that failed; what this call created is deleted
        /// @throws OutcomeUnknown when the outcome is unknown: the address stays with its key until the DEL
        CniResult.Wired wire(CniCommand.Add add, Assignment assignment) throws CniFailure, OutcomeUnknown;

        /// Compares the sandbox, and the node's side of it, with what its ADD made. Changes nothing.
        ///
        /// @return the differences in words; empty: none
        List<String> check(PodExpectation expected) throws CniFailure;

        @Override
        void close();
    }
}
