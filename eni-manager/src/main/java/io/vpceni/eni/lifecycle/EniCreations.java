package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.site.EniPlacement;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How an ENI comes: created with its blocks, attached, made to go with its instance, its link set up. Several at once.
/// One that comes to nothing is taken away again by [EniRemovals].
final class EniCreations {

    /// A create whose answer was lost is asked again with the same token, which gives the same ENI.
    private static final int CREATE_TRIES_MAX = 3;

    /// Setting delete-on-termination is tried so often at birth; after that each look at EC2 tries it.
    private static final int SECURE_TRIES_MAX = 4;

    /// An ENI that is not attached by then is taken away: other nodes take one that is five minutes old for a leak.
    static final Duration UNATTACHED_MAX = Duration.ofMinutes(4);

    /// Of one birth. More subnets than that are not full together.
    private static final int SITES_TRIED_MAX = 8;

    /// Births of which nobody knows whether EC2 made them; more would be made blindly.
    private static final int UNSURE_MAX = 4;

    private static final int TOKEN_BYTES = 16;

    private final PendingOperations errands;
    private final NodeEnis lives;
    private final EniPlacements sites;
    private final EniRemovals departures;
    private final LinkSetup links;
    private final LeakedEniCleanup sweeps;
    private final RandomGenerator random;

    private final List<EniCreation> waitForSubnets = new ArrayList<>();
    private boolean subnetsAsked;

    EniCreations(
            PendingOperations errands,
            NodeEnis lives,
            EniPlacements sites,
            EniRemovals departures,
            LinkSetup links,
            LeakedEniCleanup sweeps,
            RandomGenerator random) {
        this.errands = errands;
        this.lives = lives;
        this.sites = sites;
        this.departures = departures;
        this.links = links;
        this.sweeps = sweeps;
        this.random = random;
    }

    void wish(Effect.AddEni wish, boolean waiting, Instant now) {
        long unsure = lives.births.stream()
                .filter(birth -> birth.stage == EniPhase.CREATION_UNCERTAIN)
                .count();
        if (unsure >= UNSURE_MAX) {
            errands.fail(
                    wish,
                    AllocationError.OUTCOME_UNKNOWN,
                    unsure + " ENIs may have been created: EC2's answers were lost, and a look has to tell first");
            return;
        }
        OptionalInt index = lives.freeIndex(wish.networkCard());
        if (index.isEmpty()) {
            errands.fail(
                    wish,
                    AllocationError.ENI_LIMIT,
                    lives.instanceId() + " holds all ENIs on network card " + wish.networkCard() + " that "
                            + lives.identity.instanceType() + " may have: use a larger instance type");
            return;
        }
        EniCreation birth = new EniCreation(wish, index.getAsInt(), waiting ? Priority.POD_WAITS : Priority.WARM, now);
        lives.births.add(birth);
        if (subnetsAsked || sites.wantsLook(now)) {
            waitForSubnets.add(birth);
            birth.note = "asks for subnets";
            askForSubnets(birth.priority, now);
        } else {
            create(birth, now);
        }
    }

    private void askForSubnets(Priority priority, Instant now) {
        if (subnetsAsked) {
            return;
        }
        subnetsAsked = true;
        Ec2Call call = new Ec2Call.SubnetsOf(lives.identity.vpcId(), lives.identity.availabilityZone());
        errands.ask(call, priority, now, (outcome, _, then) -> {
            subnetsAsked = false;
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Subnets(var subnets))) {
                sites.saw(subnets, then);
            } else {
                sites.unseen(then);
            }
            List<EniCreation> waiting = List.copyOf(waitForSubnets);
            waitForSubnets.clear();
            waiting.forEach(birth -> create(birth, then));
        });
    }

    // ---- create

    private void create(EniCreation birth, Instant now) {
        Optional<EniPlacement> site = sites.next(birth.wish.kind(), now);
        if (site.isEmpty()) {
            AllocationError obstacle = birth.wish.kind() == BlockKind.PREFIX
                            && sites.next(BlockKind.ADDRESS, now).isPresent()
                    ? AllocationError.NO_CONTIGUOUS_PREFIX
                    : AllocationError.SUBNET_EXHAUSTED;
            failed(birth, obstacle, whyNowhere(birth.wish.kind(), now));
            return;
        }
        birth.site = site.get();
        birth.sitesTried++;
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        birth.token = HexFormat.of().formatHex(token);
        birth.perhapsMade = false;
        birth.to(EniPhase.CREATING, now);
        errands.write(new Intent.Creating(
                birth.token, site.get().subnetId(), birth.wish.networkCard(), birth.deviceIndex.orElseThrow(), now));
        EniRequest request = new EniRequest(
                site.get().subnetId(),
                site.get().groups(),
                birth.wish.kind(),
                Math.min(birth.wish.count(), lives.limits.slotsPerEni()),
                sites.description(),
                sites.tagsForNew(now));
        askToCreate(birth, new Ec2Call.Create(request, birth.token), now);
    }

    private String whyNowhere(BlockKind kind, Instant now) {
        return sites.restsUntil(kind, now)
                .map(until -> "every subnet that this node may use is full; tried again in "
                        + Duration.between(now, until).toSeconds()
                        + " s: free addresses in them, or give the node another subnet")
                .orElse("no subnet of this zone may be used: see docs/enis.md for the tags that allow one");
    }

    private void askToCreate(EniCreation birth, Ec2Call.Create call, Instant now) {
        birth.lastAsked = now;
        errands.ask(call, birth.priority, now, (outcome, _, then) -> {
            birth.tries++;
            birth.lastAsked = then;
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Created(Ec2Eni made))) {
                created(birth, made, then);
            } else {
                createFailed(birth, call, PendingOperations.misfit(call, outcome), then);
            }
        });
    }

    private void createFailed(EniCreation birth, Ec2Call.Create call, Ec2Failure failure, Instant now) {
        birth.note = String.valueOf(failure.getMessage());
        EniPlacement site = Objects.requireNonNull(birth.site);
        switch (failure.kind()) {
            case OUTCOME_UNKNOWN -> {
                birth.perhapsMade = true;
                if (birth.tries < CREATE_TRIES_MAX) {
                    errands.later(RetryDelay.SHORT.after(birth.tries), now, then -> askToCreate(birth, call, then));
                } else {
                    notMade(birth, failure, now);
                }
            }
            case SUBNET_EXHAUSTED, NO_CONTIGUOUS_PREFIX -> {
                sites.exhausted(site.subnetId(), failure.kind() == Kind.NO_CONTIGUOUS_PREFIX, now);
                boolean another = birth.sitesTried < SITES_TRIED_MAX
                        && sites.next(birth.wish.kind(), now).isPresent();
                if (another && !birth.perhapsMade) { // else the request fails, and the failure is told with it
                    errands.notice(EniNotice.Kind.SUBNET_EXHAUSTED, site.subnetId(), birth.note);
                    errands.write(new Intent.Undone(birth.token, now));
                    create(birth, now);
                } else {
                    notMade(birth, failure, now);
                }
            }
            case THROTTLED,
                    ENI_LIMIT,
                    ADDRESS_LIMIT,
                    UNAUTHORIZED,
                    NOT_AUTHENTICATED,
                    NO_CREDENTIALS,
                    NOT_FOUND,
                    CONFLICT,
                    UNAVAILABLE,
                    INVALID,
                    OTHER -> notMade(birth, failure, now);
        }
    }

    /// When an answer was lost before, EC2 may have made it all the same: that comes to light when a view can tell.
    private void notMade(EniCreation birth, Ec2Failure failure, Instant now) {
        String detail = String.valueOf(failure.getMessage());
        if (birth.perhapsMade) {
            birth.to(EniPhase.CREATION_UNCERTAIN, now);
            birth.note = detail;
            birth.deviceIndex = OptionalInt.empty();
            errands.later(RetryDelay.SHORT.most(), now, sweeps::own);
            errands.fail(birth.wish, AllocationErrors.of(failure.kind()), detail);
        } else {
            errands.write(new Intent.Undone(birth.token, now));
            failed(birth, AllocationErrors.of(failure.kind()), detail);
        }
    }

    // ---- attach

    private void created(EniCreation birth, Ec2Eni made, Instant now) {
        if (lives.knows(made.id())) {
            errands.notice(EniNotice.Kind.UNEXPECTED_ANSWER, made.id().value(), made.id() + " was created twice");
            errands.write(new Intent.Undone(birth.token, now));
            failed(birth, AllocationError.OTHER, "EC2 named an ENI that was there before");
            return;
        }
        birth.made = made;
        sites.hadRoom(made.subnetId(), birth.wish.kind());
        birth.to(EniPhase.ATTACHING, now);
        attach(birth, now);
    }

    private void attach(EniCreation birth, Instant now) {
        EniId id = Objects.requireNonNull(birth.made).id();
        if (lives.isSupplanted(birth)) {
            birth.deviceIndex = OptionalInt.empty();
            birth.deviceIndex = lives.freeIndex(birth.wish.networkCard());
        }
        if (birth.deviceIndex.isEmpty()) {
            undo(birth, AllocationError.ENI_LIMIT, lives.instanceId() + " has no device index left", now);
            return;
        }
        errands.write(new Intent.Attaching(birth.token, id, now));
        Ec2Call call =
                new Ec2Call.Attach(id, lives.instanceId(), birth.wish.networkCard(), birth.deviceIndex.getAsInt());
        errands.ask(call, birth.priority, now, (outcome, _, then) -> {
            birth.tries++;
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.AttachedAs(String tie))) {
                tied(birth, tie, then);
            } else {
                attachFailed(birth, PendingOperations.misfit(call, outcome), then);
            }
        });
    }

    private void attachFailed(EniCreation birth, Ec2Failure failure, Instant now) {
        birth.note = String.valueOf(failure.getMessage());
        boolean late = now.isAfter(birth.since.plus(UNATTACHED_MAX));
        switch (failure.kind()) {
            case OUTCOME_UNKNOWN, CONFLICT, INVALID -> {
                if (late) {
                    undo(birth, AllocationErrors.of(failure.kind()), birth.note, now);
                } else { // perhaps it is attached, or something else is where it should be
                    errands.later(RetryDelay.SHORT.after(birth.tries), now, then -> whereIsIt(birth, failure, then));
                }
            }
            case NOT_FOUND, THROTTLED, UNAVAILABLE, NO_CREDENTIALS -> {
                if (late) {
                    undo(birth, AllocationErrors.of(failure.kind()), birth.note, now);
                } else { // too new for EC2 itself, or not asked at all
                    errands.later(RetryDelay.SHORT.after(birth.tries), now, then -> attach(birth, then));
                }
            }
            case SUBNET_EXHAUSTED,
                    NO_CONTIGUOUS_PREFIX,
                    ENI_LIMIT,
                    ADDRESS_LIMIT,
                    UNAUTHORIZED,
                    NOT_AUTHENTICATED,
                    OTHER -> undo(birth, AllocationErrors.of(failure.kind()), birth.note, now);
        }
    }

    /// Looks at all ENIs of this node: for the one that should be attached, and for those that are in its place.
    private void whereIsIt(EniCreation birth, Ec2Failure failure, Instant now) {
        EniId id = Objects.requireNonNull(birth.made).id();
        Ec2Call call = new Ec2Call.EnisOf(lives.instanceId());
        errands.ask(call, birth.priority, now, (outcome, _, then) -> {
            if (!(outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis)))) {
                attachFailed(birth, PendingOperations.misfit(call, outcome), then);
                return;
            }
            Optional<EniAttachment> tie = enis.stream()
                    .filter(eni -> eni.id().equals(id))
                    .flatMap(eni -> Optional.ofNullable(eni.attachment()).stream())
                    .filter(there -> there.state() != EniAttachment.State.DETACHING)
                    .findFirst();
            if (tie.isPresent()) {
                birth.deviceIndex = OptionalInt.of(tie.get().deviceIndex());
                tied(birth, tie.get().id(), then);
                return;
            }
            lives.occupied(enis);
            if (!lives.isSupplanted(birth) && failure.kind() == Kind.INVALID && birth.tries > SECURE_TRIES_MAX) {
                undo(birth, AllocationError.OTHER, birth.note, then);
                return;
            }
            attach(birth, then);
        });
    }

    // ---- attached

    private void tied(EniCreation birth, String tie, Instant now) {
        Ec2Eni made = Objects.requireNonNull(birth.made);
        birth.attachmentId = tie;
        birth.to(EniPhase.LINKING, now);
        secure(birth, now);
        @Nullable InetAddress address = made.primaryAddress();
        if (address == null) {
            undo(birth, AllocationError.OTHER, made.id() + " was created without an address", now);
            return;
        }
        errands.setUp(new LinkPlan(
                made.id(),
                made.mac(),
                birth.wish.networkCard(),
                birth.deviceIndex.orElseThrow(),
                false,
                EniRole.PODS,
                address,
                blockOf(birth)));
    }

    private void secure(EniCreation birth, Instant now) {
        EniId id = Objects.requireNonNull(birth.made).id();
        String tie = Objects.requireNonNull(birth.attachmentId);
        errands.write(new Intent.SettingDeleteOnTermination(birth.token, id, tie, now));
        Ec2Call call = new Ec2Call.DeleteOnTermination(id, tie);
        errands.ask(call, birth.priority, now, _ -> !lives.isUnmanaged(id), (outcome, _, then) -> {
            birth.tries++;
            boolean done = outcome instanceof CallOutcome.Answer;
            boolean here = lives.births.contains(birth) || lives.ready(id).isPresent();
            if (done || !here || birth.tries >= SECURE_TRIES_MAX) { // what is not done here is done by a later look
                birth.secured = true;
                writeBorn(birth, then);
            } else {
                errands.later(RetryDelay.SHORT.after(birth.tries), then, again -> secure(birth, again));
            }
        });
    }

    /// Nothing is left that a start would have to go on with.
    private void writeBorn(EniCreation birth, Instant now) {
        EniId id = Objects.requireNonNull(birth.made).id();
        if (birth.secured && birth.settled) { // gone since then or not: what follows has intents of its own
            errands.write(new Intent.Added(birth.token, id, now));
        }
    }

    /// It is attached, so it is kept, and its link is waited for; but not by the pool.
    void linkFailed(EniCreation birth, String reason, Instant now) {
        lives.births.remove(birth);
        errands.fail(birth.wish, AllocationError.OTHER, reason);
        NodeEni life = alive(birth, EniPhase.LINK_MISSING, now);
        links.failed(life, reason, now);
    }

    /// Pods need the link and nothing else: that it goes with its instance may come later.
    void linkReady(EniCreation birth, Instant now) {
        lives.births.remove(birth);
        NodeEni life = alive(birth, EniPhase.READY, now);
        life.told = true;
        Ec2Eni made = Objects.requireNonNull(birth.made);
        errands.notice(
                EniNotice.Kind.ENI_ADDED,
                life.id.value(),
                "Attached " + life.id + " with " + made.blocks().size() + " blocks as device " + life.deviceIndex);
        errands.tell(
                new Message.EniReady(birth.wish.request(), life.asPoolEni(lives.limits.slotsPerEni()), made.blocks()));
    }

    private NodeEni alive(EniCreation birth, EniPhase stage, Instant now) {
        Ec2Eni made = Objects.requireNonNull(birth.made);
        LinkPlan link = new LinkPlan(
                made.id(),
                made.mac(),
                birth.wish.networkCard(),
                birth.deviceIndex.orElseThrow(),
                false,
                EniRole.PODS,
                Objects.requireNonNull(made.primaryAddress()),
                blockOf(birth));
        NodeEni life = new NodeEni(link, new KnownBlocks(link.primaryAddress(), made.blocks(), now), stage, now);
        life.attachmentId = birth.attachmentId;
        life.found = made.blocks();
        life.subnetId = made.subnetId();
        lives.attached.put(life.id, life);
        birth.settled = true;
        writeBorn(birth, now);
        return life;
    }

    private @Nullable Cidr blockOf(EniCreation birth) {
        EniPlacement site = Objects.requireNonNull(birth.site);
        return site.block() == null ? lives.blockOf(site.subnetId()) : site.block();
    }

    // ---- to nothing

    private void failed(EniCreation birth, AllocationError obstacle, String detail) {
        lives.births.remove(birth);
        errands.fail(birth.wish, obstacle, detail);
    }

    private void undo(EniCreation birth, AllocationError obstacle, String detail, Instant now) {
        failed(birth, obstacle, detail);
        EniId id = Objects.requireNonNull(birth.made).id();
        departures.undo(id, birth.token, birth.attachmentId, birth.place().orElse(null), now);
    }
}
