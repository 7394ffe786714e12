package io.vpceni.lab.fleet;

/// A node of the fleet.
interface FleetNode {

    /// Its ipamd starts now.
    void start();

    /// Hears how far a node is. What it says may be said again.
    interface Progress {
        /// All its pods have addresses.
        void podsServed();

        /// It has the addresses that it wants, or not any more.
        void warm(boolean isWarm);
    }
}
