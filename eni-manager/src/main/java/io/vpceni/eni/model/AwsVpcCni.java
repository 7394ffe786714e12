package io.vpceni.eni.model;

import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The pool of the AWS VPC CNI's daemon (ipamd there): a look every five seconds, one ENI or one batch in each, cooling
/// addresses counted as stock and given back like any other, an ADD that finds nothing fails at once. Written from the
/// description of its behaviour, for one network card.
///
/// One thread at a time: what it asks for goes to its [Outside], which says later what came of it.
public final class AwsVpcCni {
    /// From the end of one look at the pool to the next.
    public static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /// From the start to the first look.
    public static final Duration FIRST_LOOK_AFTER = LOOK_EVERY.dividedBy(2);

    private static final Duration SHRINK_PAUSE = Duration.ofSeconds(30);
    private static final Duration ENI_AGE_MIN = Duration.ofSeconds(60);

    /// EC2, the kernel and time, as this model needs them. Of `done` and `failed` exactly one is run, once; a
    /// call on EC2 that fails there has been repeated as often as the daemon repeats it.
    public interface Outside {
        Instant now();

        void later(Duration delay, Runnable then);

        /// @param blocks 1 or more secondary addresses or prefixes on an ENI that has room for them
        void assign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed);

        /// Creates an ENI with so many blocks, attaches it and sets its link up.
        void addEni(int blocks, Runnable done, Runnable failed);

        void unassign(AwsVpcCniStock.HeldEni eni, int blocks, Runnable done, Runnable failed);

        /// Detaches an ENI and deletes it.
        void removeEni(AwsVpcCniStock.HeldEni eni, Runnable done, Runnable failed);

        /// The order in which ENIs and blocks are tried, which there is that of a hash map. Not
        /// overridden, that in which they came.
        default <T> List<T> inAnyOrder(List<T> those) {
            return List.copyOf(those);
        }

        /// What it holds or has given to pods has changed.
        default void changed() {}
    }

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final Outside outside;
    private final AwsVpcCniStock stock;
    private final AwsVpcCniTargets targets;
    private Instant shrunk;

    /// A node with its primary ENI and no address on it.
    public AwsVpcCni(PoolSettings settings, NodeLimits limits, Outside outside) {
        this.settings = settings;
        this.limits = limits;
        this.outside = outside;
        this.stock = new AwsVpcCniStock(outside.now());
        this.targets = new AwsVpcCniTargets(settings, limits, stock);
        this.shrunk = outside.now();
    }

    public AwsVpcCniStock stock() {
        return stock;
    }

    public AwsVpcCniTargets targets() {
        return targets;
    }

    /// Begins to look at the pool.
    public void start(Duration firstLookAfter) {
        outside.later(firstLookAfter, this::look);
    }

    /// Fills the primary ENI, as its daemon does when it starts.
    ///
    /// @param failed EC2 did not do it: that daemon ends, and its container starts again
    public void fillPrimary(Runnable done, Runnable failed) {
        AwsVpcCniStock.HeldEni primary = stock.enis().getFirst();
        if (targets.isLow() && room(primary) > 0) {
            assign(primary, done, failed);
        } else {
            done.run();
        }
    }

    /// An ADD.
    ///
    /// @return whether the pod has an address now; else the ADD fails
    public boolean assign(String pod) {
        for (AwsVpcCniStock.HeldEni eni : outside.inAnyOrder(stock.enis())) {
            for (AwsVpcCniStock.HeldBlock block : outside.inAnyOrder(eni.blocks())) {
                if (stock.assign(pod, block, outside.now(), settings.cooldown())) {
                    outside.changed();
                    return true;
                }
            }
        }
        return false;
    }

    /// A DEL.
    public void release(String pod) {
        if (stock.release(pod, outside.now())) {
            outside.changed();
        }
    }

    // ---- one look

    /// Something that takes time. When it is over, or has failed, the other thing is run.
    private interface Step {
        void run(Runnable then);
    }

    /// All is decided first, then done one after the other.
    private void look() {
        Step first = targets.isLow() ? growth() : blockRemoval();
        Step second = eniRemoval();
        first.run(() -> second.run(() -> outside.later(LOOK_EVERY, this::look)));
    }

    private Step growth() {
        for (AwsVpcCniStock.HeldEni eni : outside.inAnyOrder(stock.enis())) {
            if (room(eni) > 0) {
                return then -> assign(eni, then, then);
            }
        }
        int blocks = Math.min(limits.slotsPerEni(), targets.blocksWanted());
        return targets.isFull() ? Runnable::run : then -> addEni(blocks, then);
    }

    private void addEni(int blocks, Runnable then) {
        outside.addEni(
                blocks,
                () -> {
                    stock.addEni(outside.now(), blocks, targets.blockSize());
                    outside.changed();
                    then.run();
                },
                then);
    }

    private void assign(AwsVpcCniStock.HeldEni eni, Runnable done, Runnable failed) {
        int blocks = Math.min(room(eni), targets.blocksWanted());
        outside.assign(
                eni,
                blocks,
                () -> {
                    stock.add(eni, blocks, targets.blockSize());
                    outside.changed();
                    done.run();
                },
                failed);
    }

    private int room(AwsVpcCniStock.HeldEni eni) {
        return limits.slotsPerEni() - eni.blocks().size();
    }

    private Step blockRemoval() {
        int tooMany = targets.blocksTooMany();
        Step all = Runnable::run;
        if (tooMany == 0 || outside.now().isBefore(shrunk.plus(SHRINK_PAUSE))) {
            return all;
        }
        shrunk = outside.now();
        for (AwsVpcCniStock.HeldEni eni : outside.inAnyOrder(stock.enis())) {
            int gone = stock.removeFreeBlocks(eni, tooMany);
            tooMany -= gone;
            if (gone > 0) {
                Step before = all;
                all = then -> before.run(() -> outside.unassign(eni, gone, then, then));
            }
        }
        outside.changed();
        return all;
    }

    private Step eniRemoval() {
        if (targets.mayHaveAnEniTooMany()) {
            for (AwsVpcCniStock.HeldEni eni : outside.inAnyOrder(stock.enis())) {
                if (mayGo(eni)) {
                    stock.remove(eni);
                    outside.changed();
                    return then -> outside.removeEni(eni, then, then);
                }
            }
        }
        return Runnable::run;
    }

    private boolean mayGo(AwsVpcCniStock.HeldEni eni) {
        return !eni.equals(stock.enis().getFirst())
                && !outside.now().isBefore(eni.addedAt().plus(ENI_AGE_MIN))
                && eni.isFree()
                && !eni.cools(outside.now(), settings.cooldown())
                && targets.areReachedWithout(eni);
    }
}
