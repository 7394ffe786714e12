package io.vpceni.lab.simulate.context;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.pool.Message;

/// ipamd's two owners, as those see them that have a message for one.
public interface Owners {
    /// Hands a message to the pool.
    ///
    /// @return false when ipamd died of it
    boolean deliver(Message message);

    /// Hands a message to the machine of ENIs.
    ///
    /// @return false when ipamd died of it
    boolean hear(EniMessage message);

    /// Tells the node's share of the account's EC2 requests.
    ///
    /// @param share above 0, at most 1
    void share(double share);
}
