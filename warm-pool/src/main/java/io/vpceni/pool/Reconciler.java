package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Compares what the pool knows with what EC2 and the kernel show from time to time.
///
/// A view alone proves nothing at once: what one view lacks is disputed: no pod gets it, and no pod loses it. The
/// dispute ends when a later view has it again. The pool forgets it only when two views further apart than [Lag#MAX]
/// lack it and the kernel has no sandbox with it.
final class Reconciler {

    /// An ADD takes less than this from its address to its link: container runtimes end a plugin after two minutes.
    /// A sandbox that no view has shown yet may still be being wired.
    static final Duration WIRING_MAX = Duration.ofMinutes(2);

    /// A sandbox is gone when two views this far apart do not show it: longer than wiring one anew takes, and
    /// shorter than the minute between two views, so that the second one decides.
    static final Duration ABSENCE = Duration.ofSeconds(45);

    private final AddressBook book;
    private final BlockIndex index;
    private final BlockInsertion intake;
    private final Predicate<AttachmentKey> releasing;
    private final RecentlyUnassigned recentlyUnassigned;
    private final Outbox out;

    /// Blocks that EC2 lists and the pool does not know, with the view that showed them first.
    private final NavigableMap<Cidr, Instant> sightings = new TreeMap<>();

    /// Disputed sandboxes that the kernel does not show, with the view that missed them first.
    private final NavigableMap<AttachmentKey, Instant> absentClaims = new TreeMap<>();

    private Instant latestEc2 = Instant.MIN;
    private Message.KernelView kernel = new Message.KernelView(Instant.MIN, Map.of());
    private Message.PodView pods = new Message.PodView(Instant.MIN, Set.of());

    /// @param releasing keys whose DEL is under way
    Reconciler(
            AddressBook book,
            BlockIndex index,
            BlockInsertion intake,
            Predicate<AttachmentKey> releasing,
            RecentlyUnassigned recentlyUnassigned,
            Outbox out) {
        this.book = book;
        this.index = index;
        this.intake = intake;
        this.releasing = releasing;
        this.recentlyUnassigned = recentlyUnassigned;
        this.out = out;
    }

    /// Takes in what EC2 lists. An answer that an earlier question overtook is ignored.
    void ec2(Message.Ec2View view, Instant now) {
        if (view.asked().isBefore(latestEc2)) {
            return;
        }
        latestEc2 = view.asked();
        for (PooledEni eni : List.copyOf(index.enis())) {
            boolean attached = view.blocks().containsKey(eni.id());
            Set<Cidr> listed = view.blocks().getOrDefault(eni.id(), Set.of());
            for (Block block : List.copyOf(eni.blocks().all())) {
                if (listed.contains(block.cidr())) {
                    seen(block, view.asked(), now);
                } else {
                    missing(block, view.asked(), now);
                }
            }
            if (attached) {
                eni.listed(now);
                takeInUnknownBlocks(eni, listed, view.asked(), now);
            } else {
                forgetGone(eni, view.asked(), now);
            }
        }
        sightings.keySet().removeIf(cidr -> view.blocks().values().stream().noneMatch(on -> on.contains(cidr)));
    }

    private void seen(Block block, Instant asked, Instant now) {
        if (block.state() instanceof BlockState.Disputed disputed
                && asked.isAfter(disputed.lastMissing().plus(Lag.MAX))) {
            book.resolveDispute(block, now);
        }
    }

    /// EC2 was asked and does not list the block.
    void missing(Block block, Instant asked, Instant now) {
        if (block.arrivedAt().plus(Lag.MAX).isAfter(asked)) {
            return; // too new to show in every view
        }
        switch (block.state()) {
            case BlockState.Leaving _ -> block.missingAgain(asked);
            case BlockState.Active _, BlockState.Quarantined _ -> dispute(block, asked, now);
            case BlockState.Disputed disputed -> {
                block.missingAgain(asked);
                if (asked.isAfter(disputed.firstMissing().plus(Lag.MAX))) {
                    forgetUnlessUsed(block, disputed.firstMissing(), now);
                }
            }
            case BlockState.Removed _ -> {}
        }
    }

    private void forgetUnlessUsed(Block block, Instant firstMissing, Instant now) {
        if (block.assigned() + block.cooling() + block.unknownHolders() > 0 || !kernelHasNone(block, firstMissing)) {
            return;
        }
        recentlyUnassigned.note(block.cidr(), now);
        book.remove(block, now);
        out.notice(PoolNotice.of(
                        PoolNotice.Kind.GONE,
                        "EC2 does not list a block and no sandbox has it: it is not this node's any more")
                .with("block", block.cidr())
                .with("eni", block.eni().id()));
    }

    private void dispute(Block block, Instant asked, Instant now) {
        PooledEni eni = block.eni();
        if (eni.activity().plannedRemoval().isPresent()) {
            eni.cancelRemoval();
        }
        book.dispute(block, asked, now);
        List<Assignment> holders = block.addresses().stream()
                .flatMap(address -> address.holder().stream())
                .toList();
        holders.forEach(holder ->
                out.write(new JournalRecord.Disputed(holder.address(), eni.id(), Optional.of(holder.key()), now)));
        out.notice(PoolNotice.of(
                        PoolNotice.Kind.DISPUTED,
                        "EC2 does not list a block any more: pods keep its addresses, nobody else gets one")
                .with("block", block.cidr())
                .with("eni", eni.id())
                .with("pods", holders.stream().map(Assignment::pod).toList()));
    }

    private boolean kernelHasNone(Block block, Instant firstMissing) {
        return kernel.asked().isAfter(firstMissing)
                && kernel.held().keySet().stream().noneMatch(block.cidr()::contains);
    }

    /// Blocks that EC2 lists and the pool does not know: the answer of a call was lost, or somebody else
    /// assigned them.
    private void takeInUnknownBlocks(PooledEni eni, Set<Cidr> listed, Instant asked, Instant now) {
        eni.unknownBlocks(0);
        if (eni.pendingBlocks() > 0 || !eni.takesPods() || eni.activity() instanceof EniActivity.Removing) {
            return; // an answer that is on its way may name them, or they go with their ENI
        }
        int unknown = 0;
        for (Cidr cidr : listed.stream().sorted().toList()) {
            if (eni.blocks().get(cidr).isPresent() || recentlyUnassigned.mayBeStale(cidr, asked)) {
                continue;
            }
            unknown++;
            Instant first = sightings.putIfAbsent(cidr, asked);
            if (first != null && asked.isAfter(first.plus(Lag.MAX))) {
                sightings.remove(cidr);
                unknown -= intake.add(eni, Set.of(cidr), now);
                eni.blocks().get(cidr).ifPresent(block -> markHeld(block, now));
            }
        }
        eni.unknownBlocks(unknown);
    }

    private void markHeld(Block block, Instant now) {
        kernel.held().keySet().stream()
                .filter(block.cidr()::contains)
                .sorted(AddressOrder.BY_NUMBER)
                .forEach(held -> {
                    PooledAddress address = block.address(held, now);
                    if (address.use() == PooledAddress.Use.FREE) {
                        unknownHolder(address, now);
                    }
                });
    }

    private void forgetGone(PooledEni eni, Instant asked, Instant now) {
        boolean twice = eni.missing(asked);
        if (twice && eni.blocks().isEmpty() && !eni.primary() && !eni.isBusy()) {
            book.remove(eni, now);
            out.notice(
                    PoolNotice.of(PoolNotice.Kind.GONE, "An ENI is not attached to this node any more: it is forgotten")
                            .with("eni", eni.id()));
        }
    }

    /// The kernel shows the address on a link that the pool knows nothing of.
    void unknownHolder(PooledAddress address, Instant now) {
        book.unknownHolder(address, now);
        out.notice(PoolNotice.of(
                        PoolNotice.Kind.DISPUTED,
                        "A sandbox that ipamd does not know has an address of this node: no pod gets it meanwhile")
                .with("address", address.address().getHostAddress())
                .with("eni", address.block().eni().id()));
    }

    /// Takes in which sandboxes the kernel has.
    void kernel(Message.KernelView view, Instant now) {
        if (view.asked().isBefore(kernel.asked())) {
            return;
        }
        kernel = view;
        for (Block block : List.copyOf(index.blocks())) {
            for (PooledAddress address : List.copyOf(block.addresses())) {
                compare(address, view, now);
            }
        }
        compareClaims(view, now);
    }

    private void compare(PooledAddress address, Message.KernelView view, Instant now) {
        AttachmentKey shown = view.held().get(address.address());
        switch (address.use()) {
            case ASSIGNED -> {
                Assignment holder = address.holder().orElseThrow();
                if (holder.key().equals(shown)) {
                    address.shown(view.asked());
                } else if (shown == null && isWired(address, view.asked())) {
                    absent(address, holder, view.asked(), now);
                }
            }
            case FREE, COOLING -> {
                if (shown != null && address.since().plus(Lag.MAX).isBefore(view.asked())) {
                    unknownHolder(address, now);
                }
            }
            case UNKNOWN_HOLDER -> {
                if (shown == null) {
                    book.unknownHolderLeft(address, now);
                    out.notice(PoolNotice.of(
                                    PoolNotice.Kind.DISPUTE_RESOLVED,
                                    "The unknown sandbox is gone: its address cools down, then pods may have it")
                            .with("address", address.address().getHostAddress()));
                }
            }
        }
    }

    /// Whether its ADD came to an end by then, as far as views can tell.
    private static boolean isWired(PooledAddress address, Instant asked) {
        return address.wasShown() || address.since().plus(WIRING_MAX).isBefore(asked);
    }

    private void absent(PooledAddress address, Assignment holder, Instant asked, Instant now) {
        if (releasing.test(holder.key())) {
            return; // its DEL came, and ends with a release
        }
        if (isGone(holder.pod(), address.since()) || address.absent(asked, ABSENCE)) {
            delWasLost(holder, now);
        }
    }

    /// Takes in which pods the API server lists. An answer that an earlier question overtook is ignored.
    void pods(Message.PodView view) {
        if (!view.asked().isBefore(pods.asked())) {
            pods = view;
        }
    }

    /// Whether the API server was asked since then and lists no such pod.
    private boolean isGone(PodName pod, Instant since) {
        return !pod.equals(PodName.UNKNOWN)
                && pods.asked().isAfter(since)
                && !pods.pods().contains(pod);
    }

    private void compareClaims(Message.KernelView view, Instant now) {
        for (Holding claimed : List.copyOf(book.disputes().all())) {
            Assignment claim = claimed.assignment();
            if (view.held().containsKey(claim.address()) || releasing.test(claim.key())) {
                absentClaims.remove(claim.key());
            } else {
                Instant first = absentClaims.putIfAbsent(claim.key(), view.asked());
                if (first != null && view.asked().isAfter(first.plus(ABSENCE))) {
                    delWasLost(claim, now);
                }
            }
        }
        absentClaims
                .keySet()
                .removeIf(key -> book.held(key).isPresent() || book.holding(key).isEmpty());
    }

    private void delWasLost(Assignment holder, Instant now) {
        book.release(holder.key(), book.cooldown(), now);
        out.notice(PoolNotice.of(
                        PoolNotice.Kind.DEL_LOST,
                        "A sandbox is gone from the kernel and no DEL came: its address is released and cools down")
                .with("address", holder.address().getHostAddress())
                .with("pod", holder.pod())
                .with("container", holder.key().containerId()));
    }
}
