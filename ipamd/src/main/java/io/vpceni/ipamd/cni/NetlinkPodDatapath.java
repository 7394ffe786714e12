package io.vpceni.ipamd.cni;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.network.EniLink;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.PodExpectation;
import io.vpceni.network.PodKernel;
import io.vpceni.network.PodUnwiring;
import io.vpceni.network.PodWiring;
import io.vpceni.network.WiredPod;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// [PodDatapath] by netlink. Sandboxes arrive as descriptors of their network namespaces.
public final class NetlinkPodDatapath implements PodDatapath {
    /// The plugin sends the descriptor before it calls, so it has normally arrived.
    private static final Duration DESCRIPTOR_WAIT = Duration.ofSeconds(2);

    private final PodKernel host;
    private final NetnsSource sandboxes;
    private final ConcurrentSkipListMap<EniId, EniLink> enis = new ConcurrentSkipListMap<>();

    public NetlinkPodDatapath(PodKernel host, NetnsSource sandboxes) {
        this.host = host;
        this.sandboxes = sandboxes;
    }

    /// Allows wiring of this ENI's addresses.
    public void eniIsSetUp(EniId eni, EniLink link) {
        enis.put(eni, link);
    }

    /// The ENI with this link; empty when no ENI that is set up has it.
    public Optional<EniId> eniWith(MacAddress mac) {
        return enis.entrySet().stream()
                .filter(eni -> eni.getValue().mac().equals(mac))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// The ENI is detached: wiring of its addresses is refused from now on.
    ///
    /// @return the link as it was set up; empty when it was not
    public Optional<EniLink> eniIsGone(EniId eni) {
        return Optional.ofNullable(enis.remove(eni));
    }

    /// MAC addresses of the ENIs that are set up.
    public Set<MacAddress> macs() {
        return enis.values().stream().map(EniLink::mac).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Sandbox sandbox(byte[] nonce) throws CniFailure, InterruptedException {
        NetnsFd netns = sandboxes
                .claim(nonce, DESCRIPTOR_WAIT)
                .orElseThrow(
                        () -> new CniFailure(
                                CniErrorCode.TRY_AGAIN_LATER,
                                "the descriptor of the sandbox's network namespace did not arrive; the runtime will try again"));
        return new OpenSandbox(netns);
    }

    @Override
    public void unwire(Assignment assignment) throws CniFailure {
        AttachmentKey key = assignment.key();
        try {
            host.unwire(new PodUnwiring(key, assignment.pod(), assignment.address()));
        } catch (NetworkFailure e) {
            throw new CniFailure(
                    CniErrorCode.IO_FAILURE,
                    "rules and routes of " + assignment.address().getHostAddress() + " could not be deleted: "
                            + e.getMessage() + "; the runtime will try again",
                    e);
        }
    }

    private EniLink eni(Assignment assignment) {
        EniLink eni = enis.get(assignment.eni());
        if (eni == null) {
            throw new IllegalStateException(
                    assignment.eni() + ", which has " + assignment.address() + ", was never set up");
        }
        return eni;
    }

    private static CniErrorCode code(NetworkFailure.Kind kind) {
        return switch (kind) {
            case INTERFACE_EXISTS -> CniErrorCode.INTERFACE_EXISTS;
            case OWN_NAMESPACE -> CniErrorCode.INVALID_ENVIRONMENT;
            case BUSY -> CniErrorCode.TRY_AGAIN_LATER;
            case FOREIGN_LINK, LINK_NOT_FOUND, KERNEL, OUTCOME_UNKNOWN -> CniErrorCode.IO_FAILURE;
        };
    }

    private final class OpenSandbox implements Sandbox {
        private final NetnsFd netns;

        OpenSandbox(NetnsFd netns) {
            this.netns = netns;
        }

        @Override
        public CniResult.Wired wire(CniCommand.Add add, Assignment assignment) throws CniFailure, OutcomeUnknown {
            AttachmentKey key = assignment.key();
            EniLink eni = eni(assignment);
            PodWiring wiring =
                    new PodWiring(key, add.pod(), assignment.address(), eni.slot(), add.defaultRoute(), add.sources());
            try {
                WiredPod wired = host.wire(wiring, netns);
                return new CniResult.Wired(
                        wired.hostInterface(),
                        wired.hostMac(),
                        key.interfaceName(),
                        wired.podMac(),
                        add.netnsPath(),
                        assignment.eni(),
                        assignment.address(),
                        wired.gateway(),
                        wired.mtu(),
                        wired.defaultRoute());
            } catch (NetworkFailure e) {
                if (e.kind() == NetworkFailure.Kind.OUTCOME_UNKNOWN) {
                    throw new OutcomeUnknown(String.valueOf(e.getMessage()), e);
                }
                throw new CniFailure(code(e.kind()), "the pod could not be wired: " + e.getMessage(), e);
            }
        }

        @Override
        public List<String> check(PodExpectation expected) throws CniFailure {
            try {
                return host.check(expected, netns);
            } catch (NetworkFailure e) {
                throw new CniFailure(code(e.kind()), "the sandbox could not be checked: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            netns.close();
        }
    }
}
