package io.vpceni.lab.simulate;

import io.vpceni.config.PoolSettings;
import io.vpceni.ipamd.owner.OwnerLoop;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.Effect;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.Message;
import io.vpceni.pool.Notice;
import io.vpceni.pool.PodName;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.policy.Policies;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One life of ipamd: the production pool and owner loop between the world's ports.
final class SimNode {
    private final World world;
    private final OwnerLoop loop;
    private Instant latest = Instant.MIN;

    /// Starts it: ENIs first, then what recovery settled, then a tick.
    SimNode(World world, List<Message> recovered, Instant now) {
        this.world = world;
        Sabotage sabotage = world.sabotage();
        PoolSettings settings = sabotage.settings(world.terms().settings());
        WarmPool pool =
                new WarmPool(settings, sabotage.limits(world.terms().limits()), sabotage.policy(Policies.of(settings)));
        this.loop = new OwnerLoop(pool, this::append, (request, _) -> ask(request), new Reports());
        for (Message message : recovered) {
            world.seen(message);
            loop.take(message, now);
        }
        latest = now;
    }

    private void append(List<JournalRecord> records) throws IOException {
        records.forEach(record -> world.seen(new Effect.Write(record)));
        List<JournalRecord> these = world.sabotage().written(records, world);
        if (these.isEmpty()) {
            return;
        }
        try {
            world.disk().append(these);
        } catch (IOException full) {
            for (JournalRecord record : these) { // the loop tells the pool so
                if (record instanceof JournalRecord.Assigned(Assignment assignment, Instant _)) {
                    world.seen(new Message.Unwritten(assignment.key()));
                }
            }
            throw full;
        }
    }

    private void ask(Effect.Request request) {
        world.seen(request);
        world.sabotage().request(request, world, world.calls()::submit);
    }

    private final class Reports implements OwnerLoop.Reports {
        @Override
        public void noticed(Notice notice) {
            world.seen(new Effect.Noticed(notice));
        }

        @Override
        public void unwritten(IOException cause, Instant now) {}

        @Override
        public void written(Instant now) {}
    }

    /// Takes a message as it comes out of the sabotage.
    void take(Message message, Instant now) {
        latest = now.isAfter(latest) ? now : latest;
        switch (message) {
            case Message.Assign(long ticket, AttachmentKey key, PodName pod, Instant deadline) ->
                loop.assign(ticket, key, pod, deadline, result -> answered(ticket, result), now);
            case Message.PrepareRelease(long ticket, AttachmentKey key) ->
                loop.prepareRelease(ticket, key, told -> prepared(ticket, told), now);
            case Message.Release _,
                    Message.Unwritten _,
                    Message.EniReady _,
                    Message.BlocksAdded _,
                    Message.RequestFailed _,
                    Message.Verified _,
                    Message.Unassigned _,
                    Message.EniRemoved _,
                    Message.Ec2View _,
                    Message.KernelView _,
                    Message.Restored _,
                    Message.RestoredCooling _,
                    Message.RestoredTombstone _,
                    Message.RestoredDeparture _,
                    Message.Tick _ -> loop.take(message, now);
        }
    }

    private void answered(long ticket, AssignResult result) {
        world.seen(new Effect.Answered(ticket, result));
        world.sabotage().answer(ticket, result, world, world.runtime()::answered);
    }

    private void prepared(long ticket, Optional<Assignment> told) {
        world.seen(new Effect.ReleasePrepared(ticket, told));
        world.runtime().prepared(told);
    }

    /// The latest time that a message came with.
    Instant latest() {
        return latest;
    }

    Optional<Instant> lookAgainAt() {
        return loop.lookAgainAt();
    }

    PoolSnapshot snapshot(Instant now) {
        return loop.snapshot(now);
    }
}
