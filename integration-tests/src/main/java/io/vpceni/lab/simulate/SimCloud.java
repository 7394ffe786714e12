package io.vpceni.lab.simulate;

import io.vpceni.config.Cidr;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Carries a request out in EC2's books, or fails to.
final class SimCloud {
    private final World world;
    private boolean unauthorized;

    SimCloud(World world) {
        this.world = world;
    }

    void calm() {
        unauthorized = false;
    }

    /// @param asked when the request was made
    /// @return its outcome
    Message carryOut(Effect.Request request, Instant asked) {
        Optional<Message> refused = refused(request);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (world.accident(Fault.TIMEOUT_UNDONE)) {
            return failed(request, GrowthObstacle.OUTCOME_UNKNOWN, "timed out");
        }
        boolean lost = !(request instanceof Effect.Verify) && world.accident(Fault.TIMEOUT_DONE);
        Message outcome = attempt(request, asked);
        if (lost) {
            if (outcome instanceof Message.EniReady ready) { // found by its token, and taken away again
                world.ec2().eni(ready.eni().id()).ifPresent(eni -> world.ec2().remove(eni, world.now()));
            }
            return failed(request, GrowthObstacle.OUTCOME_UNKNOWN, "timed out");
        }
        return outcome;
    }

    private Optional<Message> refused(Effect.Request request) {
        if (world.accident(Fault.UNAUTHORIZED)) {
            unauthorized = !unauthorized;
        }
        if (unauthorized && !(request instanceof Effect.Verify)) {
            return Optional.of(failed(request, GrowthObstacle.UNAUTHORIZED, "UnauthorizedOperation"));
        }
        if (world.accident(Fault.THROTTLED)) {
            return Optional.of(failed(request, GrowthObstacle.THROTTLED, "RequestLimitExceeded"));
        }
        if (world.accident(Fault.REFUSED)) {
            return Optional.of(failed(request, GrowthObstacle.OTHER, "InternalError"));
        }
        return Optional.empty();
    }

    private Message attempt(Effect.Request request, Instant asked) {
        return switch (request) {
            case Effect.AssignBlocks assign -> assign(assign);
            case Effect.AddEni add -> add(add);
            case Effect.Verify verify -> verify(verify, asked);
            case Effect.Unassign unassign -> unassign(unassign);
            case Effect.RemoveEni remove -> remove(remove);
        };
    }

    private Message assign(Effect.AssignBlocks assign) {
        SimEc2 ec2 = world.ec2();
        Optional<SimEc2.SimEni> eni = ec2.eni(assign.eni());
        if (eni.isEmpty()) {
            return failed(assign, GrowthObstacle.OTHER, "InvalidNetworkInterfaceID.NotFound");
        }
        if (eni.get().blocks().size() + assign.count() > ec2.slots()) {
            return failed(assign, GrowthObstacle.ADDRESS_LIMIT, "PrivateIpAddressLimitExceeded");
        }
        int count = assign.count();
        if (count > 1 && world.accident(Fault.PARTIAL)) {
            count = 1 + world.choices().of(count - 1);
        }
        List<Cidr> added = ec2.assign(eni.get(), assign.kind(), count, world.now(), world.place());
        if (added.isEmpty()) {
            return failed(assign, exhausted(assign.kind()), exhaustedText(assign.kind()));
        }
        world.checker().ec2Added(added);
        return new Message.BlocksAdded(assign.request(), assign.eni(), added);
    }

    private static GrowthObstacle exhausted(BlockKind kind) {
        return kind == BlockKind.PREFIX ? GrowthObstacle.NO_CONTIGUOUS_PREFIX : GrowthObstacle.SUBNET_EXHAUSTED;
    }

    private static String exhaustedText(BlockKind kind) {
        return kind == BlockKind.ADDRESS ? "InsufficientFreeAddressesInSubnet" : "InsufficientCidrBlocks";
    }

    private Message add(Effect.AddEni add) {
        SimEc2 ec2 = world.ec2();
        if (ec2.cardIsFull(add.networkCard()) || world.accident(Fault.FALSE_ENI_LIMIT)) {
            return failed(add, GrowthObstacle.ENI_LIMIT, "AttachmentLimitExceeded");
        }
        if (add.count() > ec2.slots()) {
            return failed(add, GrowthObstacle.ADDRESS_LIMIT, "PrivateIpAddressLimitExceeded");
        }
        boolean room = !ec2.subnet().isFilled()
                && (add.kind() == BlockKind.ADDRESS ? ec2.subnet().left() > add.count() : true);
        if (!room || (add.kind() == BlockKind.PREFIX && !ec2.subnet().hasPrefix())) {
            return failed(add, exhausted(add.kind()), exhaustedText(add.kind()));
        }
        Optional<SimEc2.SimEni> eni = ec2.attach(add.networkCard(), EniRole.PODS, world.now(), world.place());
        if (eni.isEmpty()) {
            return failed(add, GrowthObstacle.SUBNET_EXHAUSTED, exhaustedText(BlockKind.ADDRESS));
        }
        List<Cidr> added = ec2.assign(eni.get(), add.kind(), add.count(), world.now(), world.place());
        world.checker().ec2Added(added);
        return new Message.EniReady(add.request(), ec2.asPoolEni(eni.get()), added);
    }

    private Message verify(Effect.Verify verify, Instant asked) {
        Map<EniId, Set<Cidr>> view = view();
        return new Message.Verified(
                verify.request(),
                new Evidence(
                        asked,
                        view.containsKey(verify.eni()),
                        view.getOrDefault(verify.eni(), Set.of()),
                        world.kernel().held().keySet()));
    }

    private Message unassign(Effect.Unassign unassign) {
        Optional<SimEc2.SimEni> eni = world.ec2().eni(unassign.eni());
        for (Cidr block : unassign.blocks()) {
            if (eni.filter(there -> there.blocks().contains(block)).isPresent()) {
                world.checker().ec2Takes(block, unassign);
                world.ec2().unassign(eni.get(), block, world.now());
            }
        }
        return new Message.Unassigned(unassign.request());
    }

    private Message remove(Effect.RemoveEni remove) {
        world.views().knows(remove.eni());
        Optional<SimEc2.SimEni> eni = world.ec2().eni(remove.eni());
        if (eni.isPresent()) {
            world.checker().ec2Removes(eni.get(), remove);
            world.ec2().remove(eni.get(), world.now());
        }
        return new Message.EniRemoved(remove.request());
    }

    /// A Describe: true, or up to 45 seconds old, or with a block left out.
    Map<EniId, Set<Cidr>> view() {
        Map<EniId, Set<Cidr>> view = lagging();
        if (world.accident(Fault.BLOCK_LEFT_OUT)) {
            List<Set<Cidr>> enis =
                    view.values().stream().filter(blocks -> !blocks.isEmpty()).toList();
            if (!enis.isEmpty()) {
                Set<Cidr> blocks = enis.get(world.choices().of(enis.size()));
                Cidr block = List.copyOf(blocks).get(world.choices().of(blocks.size()));
                blocks.remove(block);
                world.checker().limits().gone(block);
            }
        }
        return view;
    }

    private Map<EniId, Set<Cidr>> lagging() {
        if (world.accident(Fault.STALE_VIEW)) {
            Duration age = Duration.ofMillis(1 + world.choices().of((int) SimEc2.LAG_MAX.toMillis()));
            return world.ec2().viewAsOf(world.now().minus(age));
        }
        return world.ec2().viewAsOf(world.now());
    }

    private static Message failed(Effect.Request request, GrowthObstacle obstacle, String detail) {
        return new Message.RequestFailed(request.request(), obstacle, detail);
    }
}
