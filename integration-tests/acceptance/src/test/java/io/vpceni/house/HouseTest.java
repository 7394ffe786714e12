package io.vpceni.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vpceni.eni.lifecycle.Leadership;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// The arrows between modules and packages (ARCHITECTURE.md, "Modules").
@AnalyzeClasses(
        packages = "io.vpceni",
        importOptions = {ImportOption.DoNotIncludeTests.class, HouseTest.NoTestJars.class})
class HouseTest {
    /// Fixtures that a module packs for the tests of others.
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    /// Besides whole packages: classes of which a page says so.
    private static final Set<String> PURE_CLASSES =
            Set.of("AwsStart", "CniRequestReader", "Confinement", "DriftCheck", "RouterPlan");

    /// Of java.net, these are values.
    private static final Set<String> ADDRESSES = Set.of(
            "InetAddress",
            "Inet4Address",
            "Inet6Address",
            "InetSocketAddress",
            "UnknownHostException",
            "URI",
            "URISyntaxException",
            "URLDecoder");

    /// Methods that ask the time, chance, the environment or the network, or wait.
    private static final Set<String> QUESTIONS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.identityHashCode",
            "java.lang.System.getLogger",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.System.getProperties",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.UUID.randomUUID",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of");

    private static final Set<String> QUESTIONS_OF_ADDRESSES =
            Set.of("isReachable", "getCanonicalHostName", "getLocalHost", "getHostName", "getByName", "getAllByName");

    /// By name and parameters: the owner of such a call is the class of the receiver.
    private static final Set<String> MONITOR =
            Set.of("wait()", "wait(long)", "wait(long, int)", "notify()", "notifyAll()");

    private static final Set<String> PARALLEL =
            Set.of("parallel", "parallelStream", "parallelSort", "parallelPrefix", "parallelSetAll");

    /// SplittableRandom is for a seed that was handed in.
    private static final DescribedPredicate<JavaAccess<?>> ASKS_TIME_OR_CHANCE =
            DescribedPredicate.describe("the time, chance or the machine is asked", HouseTest::isQuestion);

    private static boolean isQuestion(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String name = access.getName();
        String target = access.getTarget().getFullName();
        return QUESTIONS.contains(owner.getName() + "." + name)
                || (name.equals("now") && owner.getPackageName().startsWith("java.time"))
                || target.equals("java.util.SplittableRandom.<init>()")
                || target.equals("java.util.Collections.shuffle(java.util.List)")
                || (QUESTIONS_OF_ADDRESSES.contains(name)
                        && owner.getPackageName().equals("java.net"))
                || MONITOR.contains(target.substring(owner.getName().length() + 1))
                || (PARALLEL.contains(name) && owner.getPackageName().startsWith("java.util"));
    }

    private static final DescribedPredicate<JavaClass> IO_CLOCK_THREAD_LOCK_OR_LOGGER =
            JavaClass.Predicates.resideInAnyPackage(
                            "java.util.concurrent..",
                            "java.io..",
                            "java.nio.file..",
                            "java.nio.channels..",
                            "java.net.http..",
                            "java.util.logging..",
                            "java.util.jar..",
                            "java.util.prefs..",
                            "org.slf4j..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.type(IOException.class))) // a port's word
                    .and(DescribedPredicate.not(JavaClass.Predicates.belongToAnyOf(
                            Path.class, InvalidPathException.class))) // a name; Files reads
                    .or(DescribedPredicate.describe(
                            "what connects",
                            type -> type.getPackageName().equals("java.net")
                                    && !ADDRESSES.contains(type.getSimpleName())))
                    .or(JavaClass.Predicates.assignableTo(InstantSource.class))
                    .or(JavaClass.Predicates.assignableTo(Thread.class))
                    .or(DescribedPredicate.describe("the machine or a clock of old", HouseTest::isOfTheMachine))
                    .or(DescribedPredicate.describe(
                            "a random generator that was not handed in",
                            type -> type.isAssignableTo(RandomGenerator.class)
                                    && !type.isEquivalentTo(RandomGenerator.class)
                                    && !type.isEquivalentTo(SplittableRandom.class)))
                    .as("I/O, a clock, a thread, a lock, a logger or a random generator of one's own");

    private static final String[] PRODUCT = {
        "io.vpceni.config..",
        "io.vpceni.rpc..",
        "io.vpceni.pool..",
        "io.vpceni.eni..",
        "io.vpceni.netlink..",
        "io.vpceni.network..",
        "io.vpceni.kubernetes..",
        "io.vpceni.ipamd..",
        "io.vpceni.ipamctl..",
        "io.vpceni.cni.."
    };

    /// Records that may have two texts side by side, each with the reason.
    private static final Map<String, String> TEXTS_SIDE_BY_SIDE = Map.ofEntries(
            entry("io.vpceni.config.AttachmentKey", "CNI's key, in the order of the specification"),
            entry("io.vpceni.config.PodName", "Kubernetes' order, as in namespace/name"),
            entry("io.vpceni.config.Variable", "a row of docs/settings.md, which a test compares"),
            entry("io.vpceni.config.SdkVariable", "a row of docs/settings.md, which a test compares"),
            entry("io.vpceni.config.HttpProxy", "made by one method, in the order of a URL: user:password"),
            entry("io.vpceni.netlink.NftDump$Chain", "nft's order: a table, then its chain"),
            entry("io.vpceni.network.Leftover", "sentences for people"),
            entry("io.vpceni.network.firewall.Firewalls$Surroundings", "a prefix of names, and one name"),
            entry("io.vpceni.network.firewall.SamplePacket", "two names of links: no type would tell in from out"),
            entry("io.vpceni.kubernetes.EniConfigs$NodeKeys", "two keys of one kind, in the order of their rank"),
            entry("io.vpceni.ipamd.journal.RecordFile$Words", "sentences for people"),
            entry("io.vpceni.ipamd.observe.HttpPages$Answer", "HTTP's order: the content type, then the content"),
            entry("io.vpceni.ipamd.observe.HttpRequestHead", "HTTP's order: GET /path?query"),
            entry("io.vpceni.ipamd.observe.MetricFamily$Head", "a metric's name, type and help, made by one method"),
            entry("io.vpceni.cni.CniMessages$EnvironmentVariable", "a name and its value"));

    private static boolean isOfTheMachine(JavaClass type) {
        return Stream.of(
                        Process.class,
                        ProcessBuilder.class,
                        ProcessHandle.class,
                        Runtime.class,
                        ThreadLocal.class,
                        System.Logger.class,
                        Date.class,
                        Calendar.class,
                        Timer.class,
                        TimerTask.class,
                        ResourceBundle.class,
                        ZipFile.class,
                        RandomGeneratorFactory.class)
                .anyMatch(type::isAssignableTo);
    }

    /// A block of `synchronized` does not show in what is read of a class; a method does.
    private static ArchRule onlyComputes(DescribedPredicate<JavaClass> these) {
        return CompositeArchRule.of(noClasses()
                        .that(these)
                        .should()
                        .dependOnClassesThat(IO_CLOCK_THREAD_LOCK_OR_LOGGER)
                        .orShould()
                        .accessTargetWhere(ASKS_TIME_OR_CHANCE))
                .and(noMethods()
                        .that()
                        .areDeclaredInClassesThat(these)
                        .should()
                        .haveModifier(JavaModifier.SYNCHRONIZED)
                        .allowEmptyShould(true));
    }

    /// With what is declared inside them.
    private static DescribedPredicate<JavaClass> named(Set<String> names) {
        return DescribedPredicate.describe(
                "named " + names, type -> names.contains(outermost(type).getSimpleName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseTest::outermost).orElse(type);
    }

    /// Type arguments and components of arrays included.
    private static ArchCondition<JavaField> haveATypeWith(DescribedPredicate<JavaClass> involved) {
        return new ArchCondition<>("have a type with " + involved.getDescription()) {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                for (JavaClass type : field.getType().getAllInvolvedRawTypes()) {
                    if (involved.test(type.getBaseComponentType())) {
                        events.add(SimpleConditionEvent.satisfied(
                                field, field.getFullName() + " has " + type.getName() + " in its type"));
                    }
                }
            }
        };
    }

    private static boolean isFunctional(Class<?> type) {
        return type.isInterface()
                && !type.isSealed()
                && Arrays.stream(type.getMethods())
                                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                                .filter(method -> !isOfObject(method))
                                .count()
                        == 1;
    }

    private static boolean isOfObject(Method method) {
        return Arrays.stream(Object.class.getMethods())
                .anyMatch(other -> other.getName().equals(method.getName())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes()));
    }

    @ArchTest
    static final ArchRule the_pool_knows_only_the_jdk_and_settings = classes()
            .that()
            .resideInAPackage("io.vpceni.pool..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.vpceni.pool..",
                    "io.vpceni.config..",
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.net",
                    "java.math",
                    "java.io", // IOException only, says the next but one rule
                    "org.jspecify..");

    /// Two texts side by side can be swapped, and the compiler says nothing: an id or a key has a type of its own.
    @ArchTest
    static void texts_side_by_side_in_a_record_have_a_reason(JavaClasses all) {
        assertThat(recordsOfTheProduct(all)
                        .filter(HouseTest::hasTextsSideBySide)
                        .map(JavaClass::getName))
                .as("records with two adjacent components of type String")
                .containsExactlyInAnyOrderElementsOf(TEXTS_SIDE_BY_SIDE.keySet());
    }

    @ArchTest
    static void network_card_and_device_index_are_together_in_a_device_slot(JavaClasses all) {
        assertThat(recordsOfTheProduct(all).filter(HouseTest::hasCardAndIndex).map(JavaClass::getName))
                .as("records with a network card and a device index")
                .containsExactly("io.vpceni.config.DeviceSlot");
    }

    private static boolean hasCardAndIndex(JavaClass type) {
        List<String> names = Arrays.stream(type.reflect().getRecordComponents())
                .map(component -> component.getName().toLowerCase(Locale.ROOT))
                .toList();
        return names.stream().anyMatch(name -> name.endsWith("card"))
                && names.stream()
                        .anyMatch(
                                name -> name.equals("device") || name.equals("index") || name.endsWith("deviceindex"));
    }

    private static Stream<JavaClass> recordsOfTheProduct(JavaClasses all) {
        DescribedPredicate<JavaClass> product = JavaClass.Predicates.resideInAnyPackage(PRODUCT);
        return all.stream().filter(JavaClass::isRecord).filter(product);
    }

    private static boolean hasTextsSideBySide(JavaClass type) {
        RecordComponent[] components = type.reflect().getRecordComponents();
        return IntStream.range(1, components.length)
                .anyMatch(i -> components[i].getType() == String.class && components[i - 1].getType() == String.class);
    }

    @ArchTest
    static final ArchRule the_state_of_the_pool_is_private = fields().that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.vpceni.pool..")
            .and()
            .areNotStatic()
            .should()
            .bePrivate()
            .because("each transition of a block, an address or an ENI is a method that refuses impossible ones");

    @ArchTest
    static final ArchRule settings_know_only_the_jdk = classes()
            .that()
            .resideInAPackage("io.vpceni.config..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.vpceni.config..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule the_pool_has_no_io_clock_thread_or_lock =
            onlyComputes(JavaClass.Predicates.resideInAPackage("io.vpceni.pool.."));

    @ArchTest
    static final ArchRule what_is_decided_about_enis_is_decided_without_io_clock_or_thread =
            onlyComputes(JavaClass.Predicates.resideInAnyPackage(
                            "io.vpceni.eni.lifecycle..",
                            "io.vpceni.eni.budget..",
                            "io.vpceni.eni.loop..",
                            "io.vpceni.eni.site..")
                    .and(JavaClass.Predicates.resideOutsideOfPackage("io.vpceni.eni.site.file..")));

    /// What its page calls pure, elsewhere.
    @ArchTest
    static final ArchRule what_is_called_pure_has_no_io_clock_or_thread = onlyComputes(
            JavaClass.Predicates.resideInAPackage("io.vpceni.config").or(named(PURE_CLASSES)));

    /// A functional interface is any with one abstract method. A sealed one has only the cases that it lists, which
    /// are data.
    @ArchTest
    static final ArchRule what_the_eni_machine_waits_for_is_data = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.vpceni.eni.lifecycle")
            .should(haveATypeWith(DescribedPredicate.describe(
                    "a functional interface",
                    type -> isFunctional(type.reflect())
                            && !type.isEquivalentTo(Leadership.class) // a port of the cluster
                            && !type.isEquivalentTo(RandomGenerator.class))));

    @ArchTest
    static final ArchRule what_the_loops_drive_knows_no_loop = noClasses()
            .that()
            .resideInAnyPackage("io.vpceni.pool..", "io.vpceni.eni..")
            .and()
            .resideOutsideOfPackages("io.vpceni.pool.loop", "io.vpceni.eni.loop")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vpceni.pool.loop", "io.vpceni.eni.loop");

    @ArchTest
    static final ArchRule the_simulation_knows_no_daemon = noClasses()
            .that()
            .resideInAnyPackage("io.vpceni.lab.simulate..", "io.vpceni.lab.fleet..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vpceni.ipamd..");

    @ArchTest
    static final ArchRule packages_of_the_simulation_know_only_those_below = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("root")
            .definedBy("io.vpceni.lab.simulate")
            .layer("context")
            .definedBy("io.vpceni.lab.simulate.context")
            .layer("kernel")
            .definedBy("io.vpceni.lab.simulate.kernel")
            .layer("check")
            .definedBy("io.vpceni.lab.simulate.check")
            .layer("ec2")
            .definedBy("io.vpceni.lab.simulate.ec2")
            .layer("port")
            .definedBy("io.vpceni.lab.simulate.port")
            .layer("node")
            .definedBy("io.vpceni.lab.simulate.node")
            .layer("accident")
            .definedBy("io.vpceni.lab.simulate.accident")
            .layer("mutant")
            .definedBy("io.vpceni.lab.simulate.mutant")
            .layer("run")
            .definedBy("io.vpceni.lab.simulate.run")
            .layer("incident")
            .definedBy("io.vpceni.lab.simulate.incident")
            .ensureAllClassesAreContainedInArchitectureIgnoring(
                    DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.vpceni.lab.simulate..")))
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("context")
            .mayNotAccessAnyLayer()
            .whereLayer("kernel")
            .mayNotAccessAnyLayer()
            .whereLayer("check")
            .mayOnlyAccessLayers("context", "kernel")
            .whereLayer("ec2")
            .mayOnlyAccessLayers("context", "check")
            .whereLayer("port")
            .mayNotAccessAnyLayer()
            .whereLayer("node")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "port")
            .whereLayer("accident")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "node")
            .whereLayer("mutant")
            .mayOnlyAccessLayers("context", "check", "port")
            .whereLayer("run")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "port", "node", "accident", "mutant")
            .whereLayer("incident")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "port", "node", "mutant", "run");

    /// A view of a port shows values, and no part of the world with which all others could be reached.
    @ArchTest
    static final ArchRule views_of_the_simulated_world_show_no_part_of_it = noClasses()
            .that()
            .resideInAPackage("io.vpceni.lab.simulate.port")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("io.vpceni.eni.model")
                    .and(DescribedPredicate.not(JavaClass.Predicates.simpleName("SimulatedEni"))));

    /// Each port has one view, so no mutant sees more at it than it needs there.
    @ArchTest
    static final ArchRule nothing_takes_two_views_of_the_simulated_world = codeUnits()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.vpceni.lab.simulate..")
            .should(new ArchCondition<>("take one view of a port at most") {
                @Override
                public void check(JavaCodeUnit unit, ConditionEvents events) {
                    long views = unit.getRawParameterTypes().stream()
                            .filter(HouseTest::isViewOfAPort)
                            .count();
                    if (views > 1) {
                        events.add(SimpleConditionEvent.violated(unit, unit.getFullName() + " takes " + views));
                    }
                }
            });

    @ArchTest
    static final ArchRule nothing_keeps_a_view_of_the_simulated_world = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.vpceni.lab.simulate..")
            .should(haveATypeWith(DescribedPredicate.describe("a view of a port", HouseTest::isViewOfAPort)));

    private static boolean isViewOfAPort(JavaClass type) {
        return type.getPackageName().equals("io.vpceni.lab.simulate.port")
                && type.getSimpleName().endsWith("View");
    }

    @ArchTest
    static final ArchRule only_the_runner_and_incidents_have_the_whole_simulated_world = noClasses()
            .that()
            .resideInAPackage("io.vpceni.lab.simulate..")
            .and()
            .resideOutsideOfPackages("io.vpceni.lab.simulate.run", "io.vpceni.lab.simulate.incident")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("SimWorld");

    @ArchTest
    static final ArchRule models_of_ec2_have_no_io_clock_thread_or_random_number =
            onlyComputes(JavaClass.Predicates.resideInAPackage("io.vpceni.eni.model.."));

    @ArchTest
    static final ArchRule models_of_ec2_know_the_pool_and_what_is_asked_of_ec2 = classes()
            .that()
            .resideInAPackage("io.vpceni.eni.model..")
            .should()
            .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                            "io.vpceni.eni",
                            "io.vpceni.eni.model..",
                            "io.vpceni.pool",
                            "io.vpceni.config",
                            "java.lang..",
                            "java.util",
                            "java.util.function",
                            "java.util.stream",
                            "java.time",
                            "java.net",
                            "org.jspecify..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(RandomGenerator.class))));

    @ArchTest
    static final ArchRule the_daemon_uses_no_model = noClasses()
            .that()
            .resideOutsideOfPackages("io.vpceni.eni.model", "io.vpceni.ipamctl..", "io.vpceni.lab..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vpceni.eni.model");

    @ArchTest
    static final ArchRule native_calls_stay_in_the_kernel_packages = noClasses()
            .that()
            .resideOutsideOfPackages("io.vpceni.netlink..", "io.vpceni.network..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai.jffi..", "java.lang.foreign..");

    @ArchTest
    static final ArchRule only_the_plugin_has_native_methods = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("io.vpceni.cni.libc..") // TeaVM's way to call C
            .should()
            .haveModifier(JavaModifier.NATIVE);

    @ArchTest
    static final ArchRule the_aws_sdk_stays_in_eni_and_the_lab = noClasses()
            .that()
            .resideOutsideOfPackages("io.vpceni.eni..", "io.vpceni.lab..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule the_kernel_side_knows_no_ec2 = noClasses()
            .that()
            .resideInAnyPackage("io.vpceni.netlink..", "io.vpceni.network..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vpceni.eni..", "io.vpceni.pool..", "io.vpceni.ipamd..");

    @ArchTest
    static final ArchRule the_ec2_side_knows_no_kernel = noClasses()
            .that()
            .resideInAPackage("io.vpceni.eni..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vpceni.netlink..", "io.vpceni.network..", "io.vpceni.ipamd..");

    @ArchTest
    static final ArchRule the_daemon_knows_no_command_line = noClasses()
            .that()
            .resideInAPackage("io.vpceni.ipamd..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vpceni.ipamctl..", "picocli..");

    @ArchTest
    static final ArchRule the_command_line_knows_no_daemon_and_no_kernel = noClasses()
            .that()
            .resideInAPackage("io.vpceni.ipamctl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vpceni.ipamd..", "io.vpceni.netlink..", "io.vpceni.network..", "io.vpceni.rpc..");

    @ArchTest
    static final ArchRule what_kubernetes_tells_is_not_known_below = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.vpceni.config..",
                    "io.vpceni.pool..",
                    "io.vpceni.eni..",
                    "io.vpceni.netlink..",
                    "io.vpceni.network..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vpceni.kubernetes..");

    @ArchTest
    static final ArchRule kubernetes_knows_no_daemon_no_kernel_and_no_client_library = noClasses()
            .that()
            .resideInAPackage("io.vpceni.kubernetes..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vpceni.ipamd..",
                    "io.vpceni.netlink..",
                    "io.vpceni.network..",
                    "software.amazon.awssdk..",
                    "io.fabric8..",
                    "io.kubernetes.client..");

    @ArchTest
    static final ArchRule the_kubernetes_client_is_for_the_controller = noClasses()
            .that()
            .resideOutsideOfPackage("io.vpceni.controller..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8..", "io.kubernetes.client..");

    @ArchTest
    static final ArchRule the_plugin_knows_nobody = noClasses()
            .that()
            .resideInAPackage("io.vpceni.cni..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vpceni.config..",
                    "io.vpceni.pool..",
                    "io.vpceni.eni..",
                    "io.vpceni.netlink..",
                    "io.vpceni.network..",
                    "io.vpceni.ipamd..",
                    "io.vpceni.rpc..");

    @ArchTest
    static final ArchRule the_product_knows_no_lab = noClasses()
            .that()
            .resideOutsideOfPackage("io.vpceni.lab..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vpceni.lab..");

    /// Each package is a slice of its own, those inside another package too.
    @ArchTest
    static final ArchRule no_cycles_between_packages =
            slices().matching("io.vpceni.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule names_say_something = noClasses()
            .that()
            .resideOutsideOfPackage("io.vpceni.rpc..")
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameContaining("Helper")
            .orShould()
            .haveSimpleNameContaining("Utilit")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Processor")
            .orShould()
            .haveSimpleNameEndingWith("Info");
}
