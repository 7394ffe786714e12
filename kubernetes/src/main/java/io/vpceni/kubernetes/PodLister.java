package io.vpceni.kubernetes;

import io.vpceni.pool.Message;
import java.util.Optional;

/// Lists the pods of this node from the API server.
@FunctionalInterface
public interface PodLister {
    /// Without a watch of the API server.
    PodLister NONE = Optional::empty;

    /// The latest complete list, from a watch's memory. Must return at once.
    ///
    /// @return empty while there is none, for example after a watch was lost: an incomplete list would show
    ///     pods as gone
    Optional<Message.PodView> list();
}
