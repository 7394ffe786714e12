package io.vpceni.network;

import io.vpceni.netlink.Links;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import jnr.constants.platform.linux.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Links whose first-choice name was taken when they were created. They get it as alternative name once it is
/// free. A link is never renamed: renaming a link that is up works only from Linux 6.2 on. The set is bounded by
/// the number of pods. May be called from any thread.
final class AltNames {

    private static final Logger LOG = LoggerFactory.getLogger(AltNames.class);

    private final Map<Integer, String> wanted = new LinkedHashMap<>();

    void want(int linkIndex, String name) {
        synchronized (wanted) {
            wanted.put(linkIndex, name);
        }
    }

    boolean isWanted(int linkIndex) {
        synchronized (wanted) {
            return wanted.containsKey(linkIndex);
        }
    }

    void forget(int linkIndex) {
        synchronized (wanted) {
            wanted.remove(linkIndex);
        }
    }

    /// Adds the names that are free now; the others are tried again later.
    void give(NetlinkSocket host) throws NetlinkFailure {
        Map<Integer, String> asked;
        synchronized (wanted) {
            asked = Map.copyOf(wanted);
        }
        for (Map.Entry<Integer, String> each : asked.entrySet()) {
            if (isSettled(host, each.getKey(), each.getValue())) {
                forget(each.getKey());
            }
        }
    }

    /// An earlier ipamd may have added it: a link is also found by its additional names.
    private static boolean has(NetlinkSocket host, int linkIndex, String name) throws NetlinkFailure {
        return host.link(name).filter(link -> link.index() == linkIndex).isPresent();
    }

    /// Whether the link has the name now, or will never get it.
    private static boolean isSettled(NetlinkSocket host, int linkIndex, String name) throws NetlinkFailure {
        try {
            return host.requestUnless(Links.addAltName(linkIndex, name), Errno.EEXIST) || has(host, linkIndex, name);
        } catch (NetlinkFailure e) {
            if (e.is(Errno.ENODEV) || e.is(Errno.EOPNOTSUPP)) {
                LOG.atDebug()
                        .addKeyValue("link", linkIndex)
                        .addKeyValue("name", name)
                        .addKeyValue("reason", e.getMessage())
                        .log("An alternative name could not be given to a link");
                return true; // the link is gone, or the kernel is older than 5.5
            }
            throw e;
        }
    }
}
