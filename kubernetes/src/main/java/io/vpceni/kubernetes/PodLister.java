package io.vpceni.kubernetes;

import io.vpceni.pool.Message;
import java.util.Optional;

/// Which pods the API server lists on this node.
@FunctionalInterface
public interface PodLister {
    /// The API server is not watched.
    PodLister NONE = Optional::empty;

    /// The latest complete list. Must return at once: what a watch has in memory.
    ///
    /// @return empty while there is none, as after a watch was lost: a list that is not complete would show
    ///     pods as gone
    Optional<Message.PodView> list();
}
