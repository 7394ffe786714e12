package io.vpceni.pool.policy;

import java.time.Duration;
import java.time.Instant;

/// A number for each of the last so many slots of time.
final class SlotRing {

    /// What a new slot starts with.
    enum Fill {
        /// 0.
        EMPTY,
        /// The level at the end of the slot before.
        AS_BEFORE
    }

    private final long slotMillis;
    private final Fill fill;
    private final int[] numbers;
    private long newestSlot;
    private int level;

    /// Slots that were reached; at most as many as the ring has.
    private int slots;

    private long version;

    SlotRing(Duration slot, int slotsMax, Fill fill) {
        this.slotMillis = slot.toMillis();
        this.numbers = new int[slotsMax];
        this.fill = fill;
    }

    /// Makes the slot of that moment the newest one.
    void advance(Instant now) {
        long slot = slotOf(now);
        if (slots == 0) {
            slots = 1;
            newestSlot = slot;
            version++;
            return;
        }
        long steps = Math.min(slot - newestSlot, numbers.length);
        for (long step = steps; step > 0; step--) {
            numbers[index(slot - step + 1)] = fill == Fill.EMPTY ? 0 : level;
        }
        slots = (int) Math.min(numbers.length, slots + Math.max(0, steps));
        newestSlot = Math.max(newestSlot, slot);
        version += Math.max(0, steps);
    }

    /// Sets the newest slot's number.
    void raise(int number) {
        version += number == newest() ? 0 : 1;
        numbers[index(newestSlot)] = number;
    }

    /// The level now: the newest slot keeps the highest.
    void level(int now) {
        level = now;
        raise(Math.max(newest(), now));
    }

    /// Another one whenever a number or the newest slot changed.
    long version() {
        return version;
    }

    int newest() {
        return numbers[index(newestSlot)];
    }

    /// The number of that many slots before the newest; 0 where nothing is remembered.
    int back(int slotsBack) {
        return slotsBack < slots ? numbers[index(newestSlot - slotsBack)] : 0;
    }

    int slots() {
        return slots;
    }

    /// Slots that passed since the newest.
    int ageOfNewest(Instant now) {
        return Math.clamp(slotOf(now) - newestSlot, 0, numbers.length);
    }

    private long slotOf(Instant now) {
        return Math.floorDiv(now.toEpochMilli(), slotMillis);
    }

    private int index(long slot) {
        return (int) Math.floorMod(slot, (long) numbers.length);
    }
}
