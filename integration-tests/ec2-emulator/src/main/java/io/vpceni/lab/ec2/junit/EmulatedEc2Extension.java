package io.vpceni.lab.ec2.junit;

import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.SampleWorld;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// An EC2 for each test: started before it, on a free port of loopback, and ended after it.
///
/// A test asks for it by a parameter: [Ec2Emulation] is the EC2 itself, [SampleWorld] a VPC with two subnets, a
/// security group and an instance in it.
///
///     @ExtendWith(EmulatedEc2Extension.class)
///     class MyTest {
///         @Test
///         void anEniIsCreated(Ec2Emulation ec2, SampleWorld world) {
///             // a client with endpointOverride(ec2.endpoint())
///         }
///     }
///
/// With [#of] it is a field with `@RegisterExtension`, for other settings. Tests may run in parallel.
public final class EmulatedEc2Extension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(EmulatedEc2Extension.class);

    private final Ec2Settings settings;

    /// With [Ec2Settings#defaults], but without delays: every change is done when the answer arrives.
    public EmulatedEc2Extension() {
        this(Ec2Settings.defaults().withDelays(Ec2Delays.none()));
    }

    private EmulatedEc2Extension(Ec2Settings settings) {
        this.settings = settings;
    }

    /// With settings of the test's own: region, delays, sizes of the request buckets, limits, a node's policy.
    public static EmulatedEc2Extension of(Ec2Settings settings) {
        return new EmulatedEc2Extension(settings);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        store(context).put(Ec2Emulation.class, Ec2Emulation.start(settings, anyPort, InstantSource.system()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Ec2Emulation emulation = store(context).remove(Ec2Emulation.class, Ec2Emulation.class);
        if (emulation != null) {
            emulation.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Ec2Emulation.class || type == SampleWorld.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Ec2Emulation emulation = Objects.requireNonNull(
                store(context).get(Ec2Emulation.class, Ec2Emulation.class),
                "an EC2 is there for methods of tests, and for @BeforeEach and @AfterEach, not for constructors and @BeforeAll");
        if (parameter.getParameter().getType() == Ec2Emulation.class) {
            return emulation;
        }
        return store(context)
                .computeIfAbsent(
                        SampleWorld.class,
                        _ -> SampleWorld.build(
                                emulation.endpoint(), settings.region().name()),
                        SampleWorld.class);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
