package io.vpceni.ipamd.cni;

import io.vpceni.pool.Assignment;
import java.io.Serial;

/// The kernel, as far as ADD and DEL need it.
public interface PodDatapath {
    /// The sandbox whose descriptor came with this nonce. Waits a moment for it, bounded.
    ///
    /// @throws CniFailure when it did not come
    Sandbox sandbox(byte[] nonce) throws CniFailure, InterruptedException;

    /// Takes rules and routes of the address away. Nothing there: fine.
    ///
    /// @throws CniFailure when the kernel refused; the address must then stay with its key
    void unwire(Assignment assignment) throws CniFailure;

    /// Nobody can say whether the kernel did it.
    final class OutcomeUnknown extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// An open sandbox.
    interface Sandbox extends AutoCloseable {
        /// Makes the pod's interface and routes, or finds them made by an earlier try of the same ADD.
        ///
        /// @throws CniFailure when that failed; what this call made is undone
        /// @throws OutcomeUnknown when nobody can say: the address stays with its key until the DEL
        CniResult.Wired wire(CniCommand.Add add, Assignment assignment) throws CniFailure, OutcomeUnknown;

        @Override
        void close();
    }
}
