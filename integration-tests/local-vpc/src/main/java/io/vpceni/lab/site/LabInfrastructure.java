package io.vpceni.lab.site;

import io.vpceni.config.Count;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.imds.ImdsServer;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.linklocal.CredentialsAgent;
import io.vpceni.lab.linklocal.NameServer;
import io.vpceni.lab.linklocal.TimeServer;
import io.vpceni.lab.localstack.LocalStackBackend;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.vpc.FabricSettings;
import io.vpceni.lab.vpc.LocalVpc;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.LabSubnet;
import io.vpceni.lab.world.World;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A VPC with its EC2, an internet and booted nodes: everything but ipamd.
public final class LabInfrastructure implements AutoCloseable {
    private static final int EC2_PORT = 80;

    private interface Server {
        void close() throws IOException;
    }

    private final LabResources resources;
    private final Ec2Backend ec2;
    private final World world;
    private final LocalVpc vpc;
    private final URI ec2Endpoint;
    private final SequencedMap<String, VpcNode> nodes = new LinkedHashMap<>();
    private final List<Server> servers = new ArrayList<>();
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed;

    private LabInfrastructure(LabResources resources, Ec2Backend ec2, World world, LocalVpc vpc, URI ec2Endpoint) {
        this.resources = resources;
        this.ec2 = ec2;
        this.world = world;
        this.vpc = vpc;
        this.ec2Endpoint = ec2Endpoint;
    }

    /// Creates everything. What was created belongs to the resources, also when this fails.
    ///
    /// @param progress takes one line for each step that is done
    public static LabInfrastructure prepare(
            LabResources resources, SitePlan plan, InstantSource time, LongSupplier nanoTime, Consumer<String> progress)
            throws IOException {
        Ec2Backend ec2 = start(plan, time, progress);
        try {
            resources.endWith(ec2::close);
            World world = World.build(ec2.administrator(), ec2.adapt(plan.world()));
            progress.accept("world built through " + ec2.origin() + ": " + world.vpcId() + " " + world.vpc() + ", "
                    + Count.of(world.subnets().size(), "subnet") + ", "
                    + Count.of(world.nodes().size(), "instance") + " of "
                    + plan.world().instanceType());
            LocalVpc vpc = LocalVpc.build(resources, new FabricSettings(List.of(world.vpc()), plan.linkDelay()));
            URI endpoint = Netns.call(
                    vpc.internet().path(), () -> ec2.addListener(new InetSocketAddress(LocalVpc.EC2_API, EC2_PORT)));
            LabInfrastructure infrastructure = new LabInfrastructure(resources, ec2, world, vpc, endpoint);
            try {
                infrastructure.boot(time, nanoTime, plan.world().imdsHopLimit());
                if (!plan.faults().isEmpty()) {
                    infrastructure.embedded().faults().replace(plan.faults());
                }
                return infrastructure;
            } catch (IOException | RuntimeException e) {
                infrastructure.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            ec2.close();
            throw e;
        }
    }

    private static Ec2Backend start(SitePlan plan, InstantSource time, Consumer<String> progress) throws IOException {
        return switch (plan.ec2()) {
            case EMBEDDED -> EmbeddedEc2.start(plan.emulation(), time);
            case LOCALSTACK ->
                new LocalStackEc2(LocalStackBackend.start(plan.home(), plan.environment(), time, progress));
        };
    }

    private void boot(InstantSource time, LongSupplier nanoTime, int hopLimit) throws IOException {
        vpc.follow(ec2.backend(), nanoTime);
        for (LabSubnet subnet : world.subnets()) {
            vpc.addSubnet(subnet);
        }
        for (World.LaunchedNode launched : world.nodes()) {
            VpcNode node = vpc.addNode(launched.name(), launched.instanceId(), hopLimit);
            NodeView view = ec2.nodeView(launched.instanceId());
            InetSocketAddress address = vpc.imdsAddress(node);
            ImdsServer imds = Netns.call(vpc.router().path(), () -> ImdsServer.bind(address, view, time));
            servers.add(imds.start()::close);
            startAgents(node);
            nodes.put(node.name(), node);
        }
        servers.add(NameServer.start(vpc.router(), NameServer.VPC_RESOLVER, LocalVpc.INTERNET_SERVER)::close);
        servers.add(TimeServer.start(vpc.router(), time)::close);
        servers.add(EchoServer.in(vpc.internet())::close);
    }

    /// The link-local addresses at which the node's add-ons serve pods. With scope host, because otherwise the
    /// node would use one of them as source address towards its pods.
    private void startAgents(VpcNode node) throws IOException {
        for (InetAddress address : List.of(NameServer.NODE_LOCAL, CredentialsAgent.ADDRESS)) {
            node.namespace().ip("addr add " + address.getHostAddress() + "/32 dev lo scope host\n");
        }
        servers.add(NameServer.start(node.namespace(), NameServer.NODE_LOCAL, LocalVpc.INTERNET_SERVER)::close);
        servers.add(CredentialsAgent.start(node.namespace())::close);
    }

    public LabResources resources() {
        return resources;
    }

    public LocalVpc vpc() {
        return vpc;
    }

    public World world() {
        return world;
    }

    /// EC2's endpoint for nodes, in the internet's namespace.
    public URI ec2Endpoint() {
        return ec2Endpoint;
    }

    /// The emulation: its faults, its ground truth and its call log.
    ///
    /// @throws IOException when the lab has another EC2
    public Ec2Emulation embedded() throws IOException {
        return ec2.emulation()
                .orElseThrow(() -> new IOException(
                        ec2.origin() + " has neither faults nor a ground truth to be asked for: use the embedded EC2"));
    }

    /// An account with all permissions, at an address that this process can reach.
    public World.ApiAccess administrator() {
        return ec2.administrator();
    }

    /// The address of the emulation's control API, on this machine's loopback.
    public Optional<URI> ec2Control() {
        return ec2.control();
    }

    /// The nodes by name, in the order of their launch.
    public SequencedMap<String, VpcNode> nodes() {
        return nodes;
    }

    /// The ENIs that are attached to the node now, in EC2, by id.
    public Map<String, FabricEni> enisOf(VpcNode node) {
        Map<String, FabricEni> enis = new LinkedHashMap<>();
        for (var eni : ec2.backend().attachedEnis()) {
            if (eni.instanceId().equals(node.instanceId())) {
                enis.put(eni.eniId(), eni);
            }
        }
        return enis;
    }

    /// Stops the servers and EC2; closing the resources deletes the namespaces. Idempotent.
    @Override
    public void close() throws IOException {
        closing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            for (Server server : servers.reversed()) {
                server.close();
            }
            vpc.close();
            ec2.close();
        } finally {
            closing.unlock();
        }
    }
}
