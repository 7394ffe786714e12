package io.vpceni.lab.simulate.check;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.Assignment;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The checker's records of who has which address, who had it until when, and what EC2 took away.
public final class HolderRecords {
    private static final int FORGET_ABOVE = 20_000;

    private final SimulatedVpc ec2;
    private final Duration cooldown;
    private final Map<InetAddress, AttachmentKey> holders = new HashMap<>();
    private final Map<AttachmentKey, Assignment> given = new LinkedHashMap<>();
    private final Map<InetAddress, Instant> backoffUntil = new HashMap<>();

    /// Blocks that somebody else took away, and when.
    private final Map<Cidr, Instant> taken = new HashMap<>();

    /// Blocks of which the product was told so late after the loss that it cannot be a lagging view.
    private final Map<Cidr, Instant> toldLost = new HashMap<>();

    /// @param cooldown how long each address must rest, as the settings say
    public HolderRecords(SimulatedVpc ec2, Duration cooldown) {
        this.ec2 = ec2;
        this.cooldown = cooldown;
    }

    public Optional<Assignment> of(AttachmentKey key) {
        return Optional.ofNullable(given.get(key));
    }

    public Map<AttachmentKey, Assignment> given() {
        return given;
    }

    /// A sandbox is told that it has this address now.
    public void give(Assignment assignment, Instant now) {
        InetAddress address = assignment.address();
        AttachmentKey holder = holders.get(address);
        if (holder != null && !holder.equals(assignment.key())) {
            throw new Violation(
                    Invariant.ONE_OWNER,
                    text(address) + " is given to " + assignment.key().containerId() + " while " + holder.containerId()
                            + " has it");
        }
        Assignment before = given.get(assignment.key());
        if (before != null && !before.address().equals(address)) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_SURVIVES,
                    assignment.key().containerId() + " has " + text(before.address()) + " and is given "
                            + text(address));
        }
        if (before != null) {
            return;
        }
        requireOwned(address);
        Instant rests = backoffUntil.get(address);
        if (rests != null && now.isBefore(rests)) {
            throw new Violation(
                    Invariant.COOLDOWN_KEPT,
                    text(address) + " is given to " + assignment.key().containerId() + " "
                            + Duration.between(now, rests).toMillis() + " ms before its cooldown is over");
        }
        holders.put(address, assignment.key());
        given.put(assignment.key(), assignment);
    }

    private void requireOwned(InetAddress address) {
        Optional<SimulatedEni> eni = ec2.ownerOf(address);
        if (eni.isPresent()) {
            return;
        }
        Cidr single = Cidr.containing(address, address.getAddress().length * Byte.SIZE);
        Cidr prefix = Cidr.containing(address, address.getAddress().length == 16 ? 80 : 28);
        boolean hidden = (taken.containsKey(single) && !toldLost.containsKey(single))
                || (taken.containsKey(prefix) && !toldLost.containsKey(prefix));
        if (!hidden) {
            throw new Violation(
                    Invariant.ASSIGNED_IS_OWNED,
                    text(address) + " is given out and EC2 does not have it on a pods' ENI of this node");
        }
        backoffUntil.remove(address); // it is nobody's: there is no cooldown to keep
    }

    /// The sandbox is gone, or gave its address back.
    public void end(AttachmentKey key, Instant now, boolean rests) {
        Assignment was = given.remove(key);
        if (was == null) {
            return;
        }
        holders.remove(was.address(), key);
        if (rests) {
            backoffUntil.put(was.address(), now.plus(cooldown));
            if (backoffUntil.size() > FORGET_ABOVE) {
                backoffUntil.values().removeIf(until -> until.isBefore(now));
            }
        }
    }

    /// EC2 is about to take the block back because the product asked for it.
    public void requireUnused(Cidr block, Object request) {
        if (block.prefixBits() == 32 || block.prefixBits() == 128) {
            requireUnused(block.network(), request);
        } else if (block.prefixBits() == 28) {
            SimulatedSubnet.addressesOf(block).forEach(address -> requireUnused(address, request));
        } else {
            holders.keySet().stream().filter(block::contains).forEach(address -> requireUnused(address, request));
        }
    }

    private void requireUnused(InetAddress address, Object request) {
        AttachmentKey holder = holders.get(address);
        if (holder != null) {
            throw new Violation(
                    Invariant.NEVER_RELEASED_IN_USE,
                    text(address) + " is taken from EC2 while " + holder.containerId() + " has it: " + request);
        }
    }

    public void takenByOthers(Cidr block, Instant now) {
        taken.put(block, now);
        toldLost.remove(block);
    }

    /// The pool is told that it has these: of what somebody took, it hears again only by a later view.
    public void told(Collection<Cidr> blocks, Instant now) {
        for (Cidr block : blocks) {
            if (taken.replace(block, now) != null) {
                toldLost.remove(block);
            }
        }
    }

    public void backAgain(Cidr block) {
        taken.remove(block);
        toldLost.remove(block);
    }

    /// EC2's view of all ENIs arrived at the product.
    public void viewArrived(Instant asked, Collection<Set<Cidr>> view) {
        taken.forEach((block, at) -> {
            boolean late = asked.isAfter(at.plusSeconds(60));
            if (late && view.stream().noneMatch(listed -> listed.contains(block))) {
                toldLost.putIfAbsent(block, asked);
            }
        });
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }
}
