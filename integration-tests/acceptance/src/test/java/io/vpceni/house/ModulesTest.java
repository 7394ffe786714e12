package io.vpceni.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of modules in ARCHITECTURE.md is how it is: in the poms, and in what the classes use. One rule for each
/// module.
class ModulesTest {
    private static final Path ROOT = Path.of(System.getProperty("repository.root", "../.."));
    private static final Modules MODULES = read();

    static SortedSet<String> modules() {
        return new TreeSet<>(MODULES.arrows().keySet());
    }

    @Test
    void theTableHasEveryModule() {
        assertThat(modules()).isEqualTo(MODULES.directories().keySet());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void theArrowsOfTheTableAreTheDependenciesOfThePom(String module) throws IOException {
        assertThat(MODULES.dependencies(module)).isEqualTo(MODULES.arrows().get(module));
    }

    /// The classes are read where the module compiles them: nothing need depend on it. A module without a class has
    /// nothing to check.
    @ParameterizedTest
    @MethodSource("modules")
    void noClassUsesAModuleToWhichThereIsNoArrow(String module) throws IOException {
        SortedMap<String, SortedSet<String>> packages = MODULES.packages("src/main");
        SortedSet<String> known = MODULES.arrows().getOrDefault(module, new TreeSet<>());
        String[] others = packages.entrySet().stream()
                .filter(other -> !other.getKey().equals(module) && !known.contains(other.getKey()))
                .flatMap(other -> other.getValue().stream())
                .toArray(String[]::new);
        boolean hasClasses = !packages.getOrDefault(module, new TreeSet<>()).isEmpty();

        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(!hasClasses)
                .check(new ClassFileImporter().importPath(MODULES.classes(module)));
    }

    /// Tests included: those of a package are in its module.
    @Test
    void noPackageIsInTwoModules() throws IOException {
        Map<String, SortedSet<String>> places = MODULES.modulesByPackage();
        places.values().removeIf(modules -> modules.size() == 1);

        assertThat(places).isEmpty();
    }

    private static Modules read() {
        try {
            return Modules.read(ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
