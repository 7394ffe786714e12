package io.vpceni.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vpceni.eni.lifecycle.Leadership;
import java.io.IOException;
import java.time.Clock;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

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
    static final ArchRule the_pool_has_no_clock_thread_or_lock = noClasses()
            .that()
            .resideInAPackage("io.vpceni.pool..")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                            "java.util.concurrent..", "java.io..", "java.nio..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.type(IOException.class)))); // a port's word

    @ArchTest
    static final ArchRule what_is_decided_about_enis_is_decided_without_io_clock_or_thread = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.vpceni.eni.lifecycle", "io.vpceni.eni.budget", "io.vpceni.eni.loop", "io.vpceni.eni.site")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                            "java.util.concurrent..",
                            "java.io..",
                            "java.nio.file..",
                            "java.nio.channels..",
                            "org.slf4j..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.type(IOException.class))) // a port's word
                    .or(JavaClass.Predicates.assignableTo(InstantSource.class))
                    .or(JavaClass.Predicates.type(Thread.class)));

    @ArchTest
    static final ArchRule what_the_eni_machine_waits_for_is_data = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.vpceni.eni.lifecycle")
            .should()
            .haveRawType(JavaClass.Predicates.resideInAPackage("java.util.function")
                    .or(JavaClass.Predicates.assignableTo(Runnable.class))
                    .or(DescribedPredicate.describe(
                            "a functional interface", type -> type.isAnnotatedWith(FunctionalInterface.class)))
                    .and(DescribedPredicate.not(JavaClass.Predicates.type(Leadership.class)))); // a port of the cluster

    @ArchTest
    static final ArchRule the_loop_of_the_enis_has_no_clock_thread_or_lock = noClasses()
            .that()
            .resideInAPackage("io.vpceni.eni.loop")
            .should()
            .dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                            "java.util.concurrent..", "java.io..", "java.nio..", "org.slf4j..")
                    .or(JavaClass.Predicates.type(Clock.class))
                    .and(DescribedPredicate.not(JavaClass.Predicates.type(IOException.class)))); // a port's word

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
            .layer("context")
            .definedBy("io.vpceni.lab.simulate.context")
            .layer("kernel")
            .definedBy("io.vpceni.lab.simulate.kernel")
            .layer("check")
            .definedBy("io.vpceni.lab.simulate.check")
            .layer("ec2")
            .definedBy("io.vpceni.lab.simulate.ec2")
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
            .whereLayer("context")
            .mayNotAccessAnyLayer()
            .whereLayer("kernel")
            .mayNotAccessAnyLayer()
            .whereLayer("check")
            .mayOnlyAccessLayers("context", "kernel")
            .whereLayer("ec2")
            .mayOnlyAccessLayers("context", "check")
            .whereLayer("node")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2")
            .whereLayer("accident")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "node")
            .whereLayer("mutant")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "node")
            .whereLayer("run")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "node", "accident", "mutant")
            .whereLayer("incident")
            .mayOnlyAccessLayers("context", "kernel", "check", "ec2", "node", "mutant", "run");

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
    static final ArchRule models_of_ec2_have_no_io_clock_thread_or_random_number = classes()
            .that()
            .resideInAPackage("io.vpceni.eni.model")
            .should()
            .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(
                            "io.vpceni.eni",
                            "io.vpceni.eni.model",
                            "io.vpceni.pool",
                            "io.vpceni.config",
                            "java.lang..",
                            "java.util",
                            "java.util.function",
                            "java.util.stream",
                            "java.time",
                            "java.net",
                            "org.jspecify..")
                    .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(RandomGenerator.class)))
                    .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(InstantSource.class))));

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
            .resideInAnyPackage("jnr..", "com.kenai.jffi..");

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

    @ArchTest
    static final ArchRule no_cycles_between_packages =
            slices().matching("io.vpceni.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule no_cycles_in_ipamd =
            slices().matching("io.vpceni.ipamd.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule no_cycles_in_ipamctl =
            slices().matching("io.vpceni.ipamctl.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule no_cycles_in_the_lab =
            slices().matching("io.vpceni.lab.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule names_say_something = noClasses()
            .that()
            .resideOutsideOfPackage("io.vpceni.rpc..")
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Processor")
            .orShould()
            .haveSimpleNameEndingWith("Info");
}
