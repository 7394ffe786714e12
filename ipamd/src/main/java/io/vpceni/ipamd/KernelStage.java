package io.vpceni.ipamd;

import io.vpceni.config.Conflist;
import io.vpceni.config.DaemonSettings;
import io.vpceni.eni.AttachedEni;
import io.vpceni.ipamd.cni.NetlinkPodDatapath;
import io.vpceni.netlink.NetnsFdReceiver;
import io.vpceni.network.Leftover;
import io.vpceni.network.NodeKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Third stage: sets up the node's own network, before the first pod.
final class KernelStage implements AutoCloseable {
    private final ResourceStack opened;
    private final NodeKernel kernel;
    private final NetnsFdReceiver receiver;
    private final NetlinkPodDatapath datapath;
    private final NodeNetwork network;
    private final List<AttachedEni> usable;
    private final List<Leftover> leftovers;

    private KernelStage(DaemonContext context, NodeStage node, KernelSource source, ResourceStack opened)
            throws IOException, InterruptedException {
        this.opened = opened;
        context.readiness().starting("ipamd is starting: setting up this node's network");
        DaemonSettings settings = context.settings().daemon();
        this.kernel = opened.add(source.open(context.settings().network()));
        Takeover takeover = new Takeover(kernel, context.settings().takeover(), context.readiness(), context.metrics());
        List<Leftover> found = takeover.awaitAllowed(node.node().enis(), isFirst(settings), context.stop());
        this.receiver = opened.add(NetnsFdReceiver.open(socket(settings)));
        this.datapath = new NetlinkPodDatapath(kernel, source.sandboxes(receiver));
        VpcBlocks vpc = new VpcBlocks(node.imds());
        this.network = new NodeNetwork(kernel, datapath, node.discovery(), vpc);
        this.usable = network.setUp(node.node());
        opened.add(vpc.watch(blocks -> network.useBlocks(node.node().identity(), blocks)));
        this.leftovers = takeover.settle(found);
    }

    static KernelStage start(DaemonContext context, NodeStage node, KernelSource source)
            throws IOException, InterruptedException {
        return ResourceStack.start(opened -> new KernelStage(context, node, source, opened));
    }

    NodeKernel kernel() {
        return kernel;
    }

    NetlinkPodDatapath datapath() {
        return datapath;
    }

    NodeNetwork network() {
        return network;
    }

    /// ENIs whose links are set up, the primary one first.
    List<AttachedEni> usable() {
        return usable;
    }

    /// Objects that other CNI plugins left, in words.
    List<String> leftovers() {
        return leftovers.stream()
                .map(leftover -> leftover.object() + ": " + leftover.command())
                .toList();
    }

    /// The socket on which the plugin sends descriptors of network namespaces.
    PluginEntry.Gate gate(DaemonSettings settings) {
        return new PluginEntry.Gate() {
            @Override
            public String name() {
                return String.valueOf(socket(settings).getFileName());
            }

            @Override
            public boolean isOpen() throws IOException {
                return receiver.isOpen();
            }

            @Override
            public void reopen() throws IOException {
                receiver.reopen();
            }
        };
    }

    @Override
    public void close() {
        opened.close();
    }

    private static Path socket(DaemonSettings settings) {
        return settings.socket().resolveSibling("netns.sock");
    }

    /// Whether no ipamd has served this node yet. The conflist shows it, because the journal does not survive a
    /// reboot.
    private static boolean isFirst(DaemonSettings settings) {
        return !Files.exists(settings.journal())
                && !Files.exists(settings.conflistDirectory().resolve(Conflist.FILE_NAME));
    }
}
