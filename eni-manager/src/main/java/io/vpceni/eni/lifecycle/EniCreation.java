package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.site.EniPlacement;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// An ENI on its way from the wish to its first pod. Mutable; what happens to it is decided by [EniCreations].
final class EniCreation {

    /// What the pool wants.
    final Effect.AddEni wish;

    final Priority priority;
    final Instant begun;
    EniPhase stage = EniPhase.CREATING;
    Instant since;
    String note = "";

    /// Names it to EC2 and in the intents; a new one for each site.
    String token = "";

    @Nullable
    EniPlacement site;

    OptionalInt deviceIndex;

    /// What EC2 made; null until then.
    @Nullable
    Ec2Eni made;

    @Nullable
    String attachmentId;

    /// Tries of the present step.
    int tries;

    /// Whether an answer to the create call with this token was lost: EC2 may have made it.
    boolean perhapsMade;

    /// Sites that were tried.
    int sitesTried;

    /// Nothing more is done here to let it go with its instance.
    boolean secured;

    /// It is among those that are attached.
    boolean settled;

    /// When EC2 was last asked to create it and the answer was lost.
    Instant lastAsked;

    EniCreation(Effect.AddEni wish, int deviceIndex, Priority priority, Instant now) {
        this.wish = wish;
        this.deviceIndex = OptionalInt.of(deviceIndex);
        this.priority = priority;
        this.begun = now;
        this.since = now;
        this.lastAsked = now;
    }

    boolean isOf(EniId id) {
        return made != null && made.id().equals(id);
    }

    Optional<NodeEnis.Place> place() {
        return deviceIndex.isPresent()
                ? Optional.of(new NodeEnis.Place(wish.networkCard(), deviceIndex.getAsInt()))
                : Optional.empty();
    }

    void to(EniPhase next, Instant now) {
        stage = next;
        since = now;
        note = "";
        tries = 0;
    }

    /// The blocks that it was born with, and those that a later view shows besides.
    static List<Cidr> together(Ec2Eni made, Ec2Eni now) {
        List<Cidr> blocks = new ArrayList<>(made.blocks());
        now.blocks().stream().filter(block -> !blocks.contains(block)).forEach(blocks::add);
        return blocks;
    }

    EniStatus state() {
        String name = made == null ? token : made.id().value();
        return new EniStatus(name, stage, wish.networkCard(), deviceIndex.orElse(-1), since, note);
    }
}
