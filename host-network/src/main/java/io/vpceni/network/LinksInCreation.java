package io.vpceni.network;

import java.util.HashSet;
import java.util.Set;

/// Names of host links that are being created. A link gets its alias a moment after its creation. A link without
/// alias is a left-over of an earlier ipamd or of a failed undo, unless its name is here. May be called from any
/// thread.
final class LinksInCreation {

    private final Set<String> names = new HashSet<>();

    Claim claim() {
        return new Claim();
    }

    /// The names that one wiring uses, until it is done or undone.
    final class Claim implements AutoCloseable {

        private final Set<String> mine = new HashSet<>();

        /// @return false: another wiring uses it
        boolean take(String name) {
            synchronized (names) {
                return mine.contains(name) || (names.add(name) && mine.add(name));
            }
        }

        /// Whether another wiring uses it.
        boolean isOthers(String name) {
            synchronized (names) {
                return names.contains(name) && !mine.contains(name);
            }
        }

        @Override
        public void close() {
            synchronized (names) {
                names.removeAll(mine);
            }
        }
    }
}
