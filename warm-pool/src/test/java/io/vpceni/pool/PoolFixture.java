package io.vpceni.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A pool with a clock in hand and an EC2 that does what it is told. Names only what a test is about.
final class PoolFixture {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final EniId PRIMARY = new EniId("eni-0");

    final NodeLimits limits;
    final WarmPool pool;
    Instant now = START;
    private int nextAddress = 1;
    private int nextEni = 1;
    private long nextTicket = 1;

    /// What the pool asked of EC2 and was not answered, oldest first.
    final List<Effect> asked = new ArrayList<>();

    PoolFixture(PoolSettings settings, int enisMax, int addressesPerEniMax) {
        this(settings, new NodeLimits(enisMax, addressesPerEniMax));
    }

    PoolFixture(PoolSettings settings, NodeLimits limits) {
        this.limits = limits;
        this.pool = new WarmPool(settings, limits);
    }

    /// Only the targets by address; 30 s cooldown.
    static PoolSettings addresses(int warmIpTarget, int minimumIpTarget) {
        return new PoolSettings(1, warmIpTarget, minimumIpTarget, 0, Duration.ofSeconds(30));
    }

    /// Nothing is kept ready: an ADD makes the pool ask for exactly what it needs.
    static PoolSettings nothingWarm() {
        return addresses(0, 1);
    }

    static PoolSettings wholeEnis(int warmEniTarget) {
        return new PoolSettings(warmEniTarget, 0, 0, 0, Duration.ofSeconds(30));
    }

    static InetAddress address(int number) {
        return InetAddress.ofLiteral("10.0." + number / 250 + "." + (number % 250 + 1));
    }

    static AttachmentKey key(String containerId) {
        return new AttachmentKey("vpc-eni", containerId, "eth0");
    }

    Eni eni(EniId id, int deviceIndex) {
        return new Eni(id, new DeviceSlot(0, deviceIndex), deviceIndex == 0, limits.slotsPerEni());
    }

    /// The primary ENI with that many addresses is there at start; nothing has been asked yet.
    PoolFixture withPrimary(int... numbers) {
        send(new Message.EniFound(eni(PRIMARY, 0), blocksOf(numbers)));
        return this;
    }

    PoolFixture withEni(String id, int deviceIndex, int... numbers) {
        send(new Message.EniFound(eni(new EniId(id), deviceIndex), blocksOf(numbers)));
        return this;
    }

    static List<Cidr> blocksOf(int... numbers) {
        return IntStream.of(numbers).mapToObj(number -> block(address(number))).toList();
    }

    static Cidr block(InetAddress address) {
        return Cidr.containing(address, 32);
    }

    List<Effect> send(Message message) {
        List<Effect> effects = pool.handle(message, now);
        effects.stream().filter(effect -> effect instanceof Effect.Request).forEach(asked::add);
        return effects;
    }

    List<Effect> tick() {
        return send(new Message.Tick());
    }

    List<Effect> after(Duration time) {
        now = now.plus(time);
        return tick();
    }

    List<Effect> add(String containerId) {
        return add(containerId, Duration.ofSeconds(30));
    }

    List<Effect> add(String containerId, Duration patience) {
        return send(new Message.Assign(nextTicket++, key(containerId), PodName.UNKNOWN, now.plus(patience)));
    }

    /// A DEL from beginning to end.
    void del(String containerId) {
        send(new Message.CancelWaitingAdds(nextTicket++, key(containerId)));
        send(new Message.Release(key(containerId)));
    }

    long drawTicket() {
        return nextTicket++;
    }

    /// EC2 shows these on the ENI, and nothing on others.
    List<Effect> ec2Lists(EniId eni, int... numbers) {
        return send(new Message.Ec2View(now, Map.of(eni, Set.copyOf(blocksOf(numbers)))));
    }

    /// The kernel shows sandboxes: each number is an address, held by the key of its container id.
    List<Effect> kernelShows(Map<Integer, String> held) {
        Map<InetAddress, AttachmentKey> shown = new HashMap<>();
        held.forEach((number, container) -> shown.put(address(number), key(container)));
        return send(new Message.KernelView(now, shown));
    }

    /// Answers the one request that is open: EC2 lists these, and the kernel shows those as held.
    List<Effect> verified(EniId eni, List<Cidr> listed, InetAddress... held) {
        Effect.Verify ask = (Effect.Verify) asked.removeFirst();
        assertThat(ask.eni()).isEqualTo(eni);
        return send(new Message.Verified(ask.request(), new Evidence(now, true, Set.copyOf(listed), Set.of(held))));
    }

    /// The state of each address, in numeric order.
    List<String> states() {
        return snapshot().addresses().stream()
                .map(view -> view.state().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    List<String> enis() {
        return snapshot().enis().stream()
                .map(counts -> counts.eni().id().value())
                .toList();
    }

    static List<Effect> withoutWrites(List<Effect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof Effect.Write))
                .toList();
    }

    static List<JournalRecord> writesIn(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof Effect.Write(JournalRecord entry) ? Stream.of(entry) : Stream.of())
                .toList();
    }

    static List<PoolNotice.Kind> noticesIn(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect ->
                        effect instanceof Effect.Noticed(PoolNotice notice) ? Stream.of(notice.kind()) : Stream.of())
                .toList();
    }

    /// For each notice, the number of the request that it belongs to.
    static List<Object> requestsOfNoticesIn(List<Effect> effects) {
        return effects.stream()
                .flatMap(effect ->
                        effect instanceof Effect.Noticed(PoolNotice notice) ? notice.fields().stream() : Stream.of())
                .filter(field -> field.name().equals("request"))
                .map(PoolNotice.Field::value)
                .toList();
    }

    /// EC2 does all that it was asked, until the pool asks for nothing more.
    void settle() {
        tick();
        while (!asked.isEmpty()) {
            switch (asked.removeFirst()) {
                case Effect.AssignBlocks(long request, EniId eni, BlockKind _, int count) ->
                    send(new Message.BlocksAdded(request, eni, fresh(count)));
                case Effect.AddEni(long request, int _, BlockKind _, int count) -> {
                    Eni born = eni(new EniId("eni-" + nextEni), nextEni);
                    nextEni++;
                    send(new Message.EniReady(request, born, fresh(count)));
                }
                case Effect.Answered _,
                        Effect.Held _,
                        Effect.Write _,
                        Effect.Verify _,
                        Effect.Unassign _,
                        Effect.RemoveEni _,
                        Effect.Noticed _ -> throw new AssertionError("not a request");
            }
        }
    }

    /// Addresses that no fixture method gives out otherwise.
    List<Cidr> fresh(int count) {
        List<Cidr> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(block(address(1_000 + nextAddress++)));
        }
        return addresses;
    }

    PoolSnapshot snapshot() {
        return pool.snapshot(now);
    }

    /// The address in the only answer among these effects.
    static InetAddress addressIn(List<Effect> effects) {
        return switch (resultIn(effects)) {
            case AssignResult.Assigned(Assignment assignment) -> assignment.address();
            case AssignResult.AlreadyAssigned(Assignment assignment) -> assignment.address();
            case AssignResult.NoAddress(String reason, boolean _) -> throw new AssertionError(reason);
            case AssignResult.Cancelled() -> throw new AssertionError("cancelled");
        };
    }

    static AssignResult resultIn(List<Effect> effects) {
        return answersIn(effects).stream()
                .map(Effect.Answered::result)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no answer in " + effects));
    }

    static List<Effect.Answered> answersIn(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Answered.class::isInstance)
                .map(Effect.Answered.class::cast)
                .toList();
    }
}
