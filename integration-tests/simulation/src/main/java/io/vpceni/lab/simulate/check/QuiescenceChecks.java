package io.vpceni.lab.simulate.check;

import io.vpceni.config.Cidr;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedSubnet;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniRole;

/// What must hold in a world that has been quiescent for long: the pool holds what its policy wants, and a pod gets an
/// address if there is room for one. Judged by EC2's state and the checker's records, for every policy.
public final class QuiescenceChecks {
    /// So few addresses of a subnet are not held against the pool: an ENI takes one for itself.
    private static final int SPARE = 2;

    private static final int CILIUM_FREE_MIN = 8;
    private static final int AZURE_FREE_MIN = 8;
    private static final int DEMAND_FREE_MIN = 2;

    private final SimulatedVpc ec2;
    private final HolderRecords holders;
    private final LimitRecords limits;
    private final WorldParameters parameters;
    private final PoolSettings settings;

    public QuiescenceChecks(SimulatedVpc ec2, Checker checker, WorldParameters parameters) {
        this.ec2 = ec2;
        this.holders = checker.holders();
        this.limits = checker.limits();
        this.parameters = parameters;
        this.settings = parameters.settings();
    }

    /// How often a policy may still change what the pool holds in the minutes after everything has come to rest.
    public static int changesAllowed(PolicyName policy) {
        return switch (policy) {
            case DEMAND -> 12; // it forgets little by little: prefixes may come back late, and single addresses go then
            case AWS, CILIUM, AZURE -> 0;
        };
    }

    /// Whether a new pod must get an address.
    public boolean hasRoomForAPod() {
        if (parameters.ipv6()
                && ec2.enis().stream()
                        .allMatch(eni ->
                                eni.role() != EniRole.PODS || eni.blocks().isEmpty())) {
            return false; // its only prefix was taken away, and a cap or a full ENI may keep it from another one
        }
        boolean lost = holders.given().values().stream()
                .anyMatch(has -> ec2.ownerOf(has.address()).isEmpty());
        if (lacksAnEni() || (lost && settings.podsMax() > 0)) {
            return false; // a prefix that was taken away and is hoped for counts in whole against the cap
        }
        return holders.given().size() < capacity();
    }

    /// Addresses that pods can have at most, with what is pinned by pods that run.
    public int capacity() {
        if (parameters.ipv6()) {
            int max = settings.podsMax();
            return max == 0 ? Integer.MAX_VALUE : max;
        }
        int others = 0;
        int enis = 0;
        int owned = 0;
        for (SimulatedEni eni : ec2.enis()) {
            enis++;
            others += eni.role() == EniRole.PODS ? 0 : 1;
            owned += eni.role() == EniRole.PODS ? addresses(eni) : 0;
        }
        int podsEnis = Math.max(limits.enisMax(), enis) - others;
        int slots = Math.max(0, podsEnis) * ec2.slots();
        int max = settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax();
        boolean mayGrow = enis < limits.enisMax();
        int left = ec2.subnets().stream()
                .mapToInt(subnet -> mayGrow ? Math.max(0, subnet.left() - podsEnis) : leftForEnisIn(subnet))
                .sum();
        return Math.min(Math.min(slots, max), owned + left);
    }

    /// Addresses of a subnet that ENIs which are there can still have: an ENI has those of its own subnet only.
    private int leftForEnisIn(SimulatedSubnet subnet) {
        int room = ec2.enis().stream()
                .filter(eni -> eni.role() == EniRole.PODS && eni.subnet() == subnet)
                .mapToInt(eni -> Math.max(0, ec2.slots() - eni.blocks().size()))
                .sum();
        return Math.min(room, subnet.left());
    }

    public static int addresses(SimulatedEni eni) {
        int sum = 0;
        for (Cidr block : eni.blocks()) {
            sum += (int) Math.min(1 << 20, BlockKind.of(block).addresses());
        }
        return sum;
    }

    /// The policy's target, from EC2's state and the checker's records.
    public void requireTarget() {
        if (parameters.ipv6()) {
            return; // no policy decides there: one prefix is enough for all pods
        }
        int owned = 0;
        int enis = 0;
        int lost = 0;
        boolean roomOnEnis = false;
        for (SimulatedEni eni : ec2.enis()) {
            enis++;
            if (eni.role() == EniRole.PODS) {
                owned += addresses(eni);
                lost += (int) lost(eni);
                roomOnEnis |= eni.blocks().size() + lost(eni) < ec2.slots()
                        && eni.subnet().left() > SPARE;
            }
        }
        int used = 0;
        for (Assignment assignment : holders.given().values()) {
            used += ec2.ownerOf(assignment.address()).isPresent() ? 1 : 0;
        }
        if (lost > 0 || lacksAnEni()) {
            return; // the pool hopes for them, and how many it counts for them is its own affair
        }
        int free = owned - used;
        int missing = missing(free, owned);
        int max = settings.podsMax() == 0 ? Integer.MAX_VALUE : settings.podsMax();
        boolean roomForEnis =
                enis < limits.enisMax() && ec2.subnets().stream().anyMatch(subnet -> subnet.left() > SPARE);
        boolean room = (roomOnEnis || roomForEnis) && owned < max;
        if (missing > 0 && room) {
            throw new Violation(
                    Invariant.PROGRESS,
                    "in a quiescent world the pool lacks " + missing + " addresses: holds " + owned + ", used " + used
                            + ", " + settings);
        }
    }

    /// Whether sandboxes have addresses of an ENI that somebody took away: it keeps its place in the pool's books.
    private boolean lacksAnEni() {
        return holders.given().values().stream()
                .anyMatch(has -> ec2.eni(has.eni()).isEmpty());
    }

    /// Addresses that sandboxes have and that somebody took away: the pool hopes for them, each in its slot.
    private long lost(SimulatedEni eni) {
        return holders.given().values().stream()
                .filter(has ->
                        has.eni().equals(eni.id()) && ec2.ownerOf(has.address()).isEmpty())
                .count();
    }

    /// What each policy keeps free at least when nothing happens any more.
    private int missing(int free, int owned) {
        return switch (settings.policy()) {
            case AWS -> missingOfAws(free, owned);
            case CILIUM ->
                Math.max(
                        (settings.warmIpTarget() > 0 ? settings.warmIpTarget() : CILIUM_FREE_MIN) - free,
                        settings.minimumIpTarget() - owned);
            case AZURE -> (settings.warmIpTarget() > 0 ? half(settings.warmIpTarget()) : AZURE_FREE_MIN) - free;
            case DEMAND -> DEMAND_FREE_MIN - free;
        };
    }

    private static int half(int batch) {
        return (batch + 1) / 2;
    }

    private int missingOfAws(int free, int owned) {
        if (settings.countsAddresses()) {
            return Math.max(settings.warmIpTarget() - free, settings.minimumIpTarget() - owned);
        }
        if (settings.mode() == PoolMode.PREFIXES) {
            return settings.warmPrefixTarget() * 16 - free;
        }
        return settings.warmEniTarget() * ec2.slots() - free;
    }
}
