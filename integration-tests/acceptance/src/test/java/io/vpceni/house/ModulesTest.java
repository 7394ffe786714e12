package io.vpceni.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
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
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOptions(List.of(new ImportOption.DoNotIncludeTests(), new HouseTest.NoTestJars()))
            .importPackages("io.vpceni");

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

    @ParameterizedTest
    @MethodSource("modules")
    void noClassUsesAModuleToWhichThereIsNoArrow(String module) throws IOException {
        SortedMap<String, SortedSet<String>> packages = MODULES.packages("src/main");
        SortedSet<String> known = MODULES.arrows().getOrDefault(module, new TreeSet<>());
        String[] others = packages.entrySet().stream()
                .filter(other -> !other.getKey().equals(module) && !known.contains(other.getKey()))
                .flatMap(other -> other.getValue().stream())
                .toArray(String[]::new);
        String[] own = packages.getOrDefault(module, new TreeSet<>()).toArray(String[]::new);

        noClasses()
                .that()
                .resideInAnyPackage(own)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(true)
                .check(CLASSES);
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
