package io.vpceni.lab.ec2;

import io.vpceni.lab.ec2.action.ActionCatalog;
import io.vpceni.lab.ec2.model.Ec2State;
import io.vpceni.lab.ec2.model.IdSource;
import io.vpceni.lab.ec2.model.Instance;
import io.vpceni.lab.ec2.model.RoleKeys;
import io.vpceni.lab.ec2.model.Views;
import io.vpceni.lab.ec2.query.Ec2Refusal;
import io.vpceni.lab.imds.InstanceMetadata;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.imds.RoleCredentials;
import io.vpceni.lab.world.FabricEni;
import io.vpceni.lab.world.VpcBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// EC2 in this process: one account in one region, spoken to over HTTP by any AWS SDK or CLI.
///
/// It starts empty. Thread-safe.
public final class Ec2Emulation implements VpcBackend {
    /// The key that may do everything. Signatures are not checked, so any secret does.
    public static final String ADMINISTRATOR_KEY_ID = "AKIALABADMINISTRATOR";

    public static final String ADMINISTRATOR_SECRET = "lab-administrator-secret";

    private final ReentrantLock lock = new ReentrantLock();
    private final Ec2State state;
    private final Views views;
    private final RoleKeys roleKeys;
    private final Ec2Api api;
    private final Transitions transitions;
    private final List<Ec2HttpListener> listeners = new CopyOnWriteArrayList<>();

    private Ec2Emulation(Ec2Settings settings, InstantSource time) {
        IdSource ids = new IdSource(new SplittableRandom(settings.seed()));
        state = new Ec2State(settings.region(), settings.accountId(), settings.delays(), ids, time);
        views = new Views(state);
        roleKeys = new RoleKeys(state);
        api = new Ec2Api(
                state,
                new ActionCatalog(state).byName(),
                new AccessKeys(ADMINISTRATOR_KEY_ID, roleKeys),
                List.of(new Permissions(settings.nodeActions())));
        transitions = new Transitions(() -> locked(this::outlook));
    }

    /// Starts the account with one door. The calling thread must be in the program's own network namespace, which
    /// the
    /// emulation's threads inherit; doors into other namespaces are [#addListener]'s.
    ///
    /// @param bind port 0 takes a free one
    public static Ec2Emulation start(Ec2Settings settings, InetSocketAddress bind, InstantSource time)
            throws IOException {
        Ec2Emulation emulation = new Ec2Emulation(settings, time);
        try {
            emulation.addListener(bind);
        } catch (IOException | RuntimeException e) {
            emulation.close();
            throw e;
        }
        return emulation;
    }

    /// One more door to the same account. Only its server socket is opened in the calling thread, which may
    /// therefore
    /// be
    /// inside another network namespace.
    ///
    /// @return where it answers
    public URI addListener(InetSocketAddress bind) throws IOException {
        Ec2HttpListener listener = new Ec2HttpListener(bind, this::answer);
        listeners.add(listener);
        transitions.run(listener::start);
        return listener.endpoint();
    }

    private Ec2Api.Answer answer(Ec2HttpListener.Request request) {
        Optional<Ec2Refusal> unreadable = request.refusal();
        Ec2Api.Answer answer = locked(() -> unreadable
                .map(api::refused)
                .orElseGet(() -> api.answer(request.form(), request.authorization(), request.sessionToken())));
        if (answer.changed()) {
            transitions.look();
        }
        return answer;
    }

    private Transitions.Outlook outlook() {
        state.settle();
        Instant next = state.changesNextAt();
        Duration wait =
                next.equals(Instant.MAX) ? Duration.ofSeconds(Long.MAX_VALUE) : Duration.between(state.now(), next);
        return new Transitions.Outlook(views.attachedEnis(), wait);
    }

    /// Where the first door is.
    @Override
    public URI endpoint() {
        return listeners.getFirst().endpoint();
    }

    @Override
    public List<FabricEni> attachedEnis() {
        return locked(() -> {
            state.settle();
            return views.attachedEnis();
        });
    }

    @Override
    public void onChange(Runnable listener) {
        transitions.onChange(listener);
    }

    /// What the metadata service of the instance shows, lagging as the delays say.
    ///
    /// @throws IllegalArgumentException if there is no such instance; the view throws it
    /// once the instance is terminated
    public NodeView nodeView(String instanceId) {
        locked(() -> livingInstance(instanceId));
        return new NodeView() {
            @Override
            public InstanceMetadata instance() {
                return locked(() -> views.metadata(livingInstance(instanceId)));
            }

            @Override
            public Optional<RoleCredentials> credentials() {
                return locked(() -> Optional.of(roleKeys.current(livingInstance(instanceId))));
            }
        };
    }

    private Instance livingInstance(String instanceId) {
        state.settle();
        return state.instances().all().stream()
                .filter(instance -> instance.id().equals(instanceId))
                .filter(instance -> !state.interfacesOf(instance).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no instance " + instanceId));
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        transitions.close();
        listeners.forEach(Ec2HttpListener::close);
    }
}
