package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.linux.Errno;
import org.junit.jupiter.api.Test;

/// Visits that only pretend to go anywhere.
class NetnsSwitchTest {

    private static final Path HERE = Path.of("/proc/thread-self/ns/net");

    @Test
    void whoDoesNotComeHomeIsLostAndVisitsNobodyElse() throws NetlinkFailure {
        NetnsFd home = NetnsFd.open(HERE);
        List<NetnsFd> entered = new ArrayList<>();
        NetnsSwitch.SetnsCall setns = netns -> {
            entered.add(netns);
            if (netns.equals(home)) {
                throw new NetlinkFailure(Errno.ENOMEM.intValue(), "setns", "home", "");
            }
        };
        try (NetnsSwitch netnsSwitch = new NetnsSwitch(home, setns, new ForeignDatagrams());
                NetnsFd sandbox = NetnsFd.open(HERE)) {
            assertThat(netnsSwitch.isStuckInForeignNetns()).isFalse();

            assertThatThrownBy(() -> netnsSwitch.open(sandbox)).hasMessageContaining("setns home: ENOMEM");

            assertThat(netnsSwitch.isStuckInForeignNetns()).isTrue();
            assertThatThrownBy(() -> netnsSwitch.open(sandbox)).isInstanceOf(IllegalStateException.class);
            assertThat(entered).containsExactly(sandbox, home);
        }
    }

    @Test
    void whoComesHomeOrNeverLeavesIsNotLost() throws NetlinkFailure {
        NetnsSwitch.SetnsCall closed = netns -> {
            throw new NetlinkFailure(Errno.EPERM.intValue(), "setns", "sandbox", "");
        };
        try (NetnsSwitch back = new NetnsSwitch(NetnsFd.open(HERE), netns -> {}, new ForeignDatagrams());
                NetnsSwitch never = new NetnsSwitch(NetnsFd.open(HERE), closed, new ForeignDatagrams());
                NetnsFd sandbox = NetnsFd.open(HERE)) {
            back.open(sandbox).close();
            assertThatThrownBy(() -> never.open(sandbox)).hasMessageContaining("EPERM");

            assertThat(back.isStuckInForeignNetns()).isFalse();
            assertThat(never.isStuckInForeignNetns()).isFalse();
        }
    }
}
