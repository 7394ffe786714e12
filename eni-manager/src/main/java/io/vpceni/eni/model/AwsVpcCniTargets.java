package io.vpceni.eni.model;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;

/// What the AWS VPC CNI makes of its stock and its warm targets: too little, too much, and how much.
public final class AwsVpcCniTargets {
    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AwsVpcCniStock stock;

    AwsVpcCniTargets(PoolSettings settings, NodeLimits limits, AwsVpcCniStock stock) {
        this.settings = settings;
        this.limits = limits;
        this.stock = stock;
    }

    /// Addresses of a block: 16 with prefix delegation, else 1.
    public int blockSize() {
        return prefixes() ? 16 : 1;
    }

    public boolean prefixes() {
        return settings.mode() == PoolMode.PREFIXES;
    }

    /// Whether more is wanted.
    public boolean isLow() {
        if (settings.podsMax() > 0 && stock.total() >= settings.podsMax()) {
            return false;
        }
        if (settings.countsAddresses()) {
            return missing() > 0;
        }
        return stock.available() < warm() || (warm() == 0 && stock.available() == 0);
    }

    /// Whether no further ENI is allowed.
    public boolean isFull() {
        int max = settings.maxEni() > 0 ? Math.min(limits.enisMax(), settings.maxEni()) : limits.enisMax();
        return stock.enis().size() >= max || limits.slotsPerEni() == 0;
    }

    private int warm() {
        return prefixes() ? settings.warmPrefixTarget() * blockSize() : settings.warmEniTarget() * limits.slotsPerEni();
    }

    private int missing() {
        return Math.max(
                Math.max(settings.warmIpTarget() - stock.available(), 0), settings.minimumIpTarget() - stock.total());
    }

    /// How many blocks one step of growth asks for; an ENI may have room for fewer.
    int blocksWanted() {
        if (settings.countsAddresses()) {
            return Math.ceilDiv(missing(), blockSize());
        }
        return prefixes() ? Math.max(1, settings.warmPrefixTarget() - stock.freeBlocks()) : limits.slotsPerEni();
    }

    int blocksTooMany() {
        if (!settings.countsAddresses()) {
            return prefixes() ? Math.max(0, stock.freeBlocks() - settings.warmPrefixTarget()) : 0;
        }
        int warm = settings.warmIpTarget();
        int minimum = settings.minimumIpTarget();
        if (!prefixes()) {
            return Math.max(Math.min(Math.max(stock.available() - warm, 0), stock.total() - minimum), 0);
        }
        int blocks = stock.blocks();
        int idle =
                Math.max(Math.min(stock.freeBlocks(), blocks - Math.ceilDiv(stock.assigned() + warm, blockSize())), 0);
        return Math.max(Math.min(idle, blocks - Math.ceilDiv(minimum, blockSize())), 0);
    }

    boolean mayHaveAnEniTooMany() {
        int target = prefixes() ? settings.warmPrefixTarget() : settings.warmEniTarget();
        return settings.countsAddresses()
                || prefixes()
                || stock.available() >= (target + 1) * limits.slotsPerEni() * blockSize();
    }

    boolean areReachedWithout(AwsVpcCniStock.HeldEni eni) {
        int availableElsewhere = stock.available() - eni.size();
        int totalElsewhere = stock.total() - eni.size();
        int freeElsewhere = stock.freeBlocks() - eni.blocks().size();
        return availableElsewhere >= wholeBlocks(settings.warmIpTarget())
                && totalElsewhere >= wholeBlocks(settings.minimumIpTarget())
                && (!prefixes() || settings.countsAddresses() || freeElsewhere >= settings.warmPrefixTarget());
    }

    private int wholeBlocks(int addresses) {
        return Math.ceilDiv(addresses, blockSize()) * blockSize();
    }

    /// Why it holds what it holds, in words.
    public String because() {
        if (settings.countsAddresses()) {
            return "WARM_IP_TARGET=" + settings.warmIpTarget() + " and " + stock.available()
                    + " available, MINIMUM_IP_TARGET=" + settings.minimumIpTarget() + " and " + stock.total()
                    + " held: too few when one of the two is not reached";
        }
        return (prefixes()
                        ? "WARM_PREFIX_TARGET=" + settings.warmPrefixTarget()
                        : "WARM_ENI_TARGET=" + settings.warmEniTarget())
                + " wants " + warm() + " available and there are " + stock.available()
                + "; what is asked for are whole " + (prefixes() ? "prefixes" : "ENIs");
    }
}
