package io.headwater;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.headwater.Rooms.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Holds the rooms, their floors and the habits that every package shares. */
final class RoomsTest {
    static final List<Room> ROOMS = Rooms.ALL;
    static final List<Rooms.Confined> LIBRARIES = Rooms.LIBRARIES;

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(Rooms.ROOT);
    private static final JavaClasses MAIN_AND_TESTS = new ClassFileImporter().importPackages(Rooms.ROOT);

    @ParameterizedTest
    @FieldSource("ROOMS")
    void room_mayImport_onlyRoomsBelowIt(Room room) {
        Stream<String> named = room.mayImport().stream().filter(name -> !name.equals("*"));
        assertThat(named)
                .as("rooms that %s imports, by floor", room.name())
                .allMatch(name -> Rooms.floorOf(name).orElse(Integer.MAX_VALUE) < room.floor());
    }

    @Test
    void everyClass_importsOnly_whatItsRoomMay() {
        classes().should(importOnlyWhatTheirRoomMay()).check(MAIN);
    }

    @Test
    void rooms_haveNoCycles() {
        slices().matching(Rooms.ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void nothingOutsideActors_dependsOnActorsOrAkka() {
        noClasses()
                .that()
                .resideOutsideOfPackage(Rooms.ROOT + ".actors..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Rooms.ROOT + ".actors..", "akka..")
                .check(MAIN_AND_TESTS);
    }

    /** The compiler inlines constants, so a class file does not tell every import. */
    @Test
    void sourcesUnderSrc_neverNameActorsOrAkka() throws IOException {
        Pattern forbidden = Pattern.compile("^(package|import( static)?) (io\\.headwater\\.actors|akka)[.;]");
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources)
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(Files.readAllLines(source))
                            .as("%s", source)
                            .noneMatch(line -> forbidden.matcher(line).find()));
        }
    }

    @ParameterizedTest
    @FieldSource("LIBRARIES")
    void confinedLibrary_staysInItsRooms(Rooms.Confined confined) {
        String[] rooms = confined.to().stream()
                .map(room -> Rooms.ROOT + '.' + room + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat(resideInAPackage(confined.library())
                        .and(not(resideInAnyPackage(confined.except().toArray(String[]::new)))))
                .check(MAIN);
    }

    @Test
    void everyPackage_isNullMarked() {
        Stream<JavaPackage> packages =
                MAIN_AND_TESTS.stream().map(JavaClass::getPackage).distinct();
        assertThat(packages)
                .as("packages with a package-info.java that says @NullMarked")
                .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }

    /**
     * DJL lets go of such a number while the gradient still needs it: a collection in between makes gradients wrong.
     * {@code torch.Numbers} is the way; the one exception is integer arithmetic, which has no gradient.
     */
    @Test
    void tensors_areNeverMultipliedOrDividedByANumberOfJava() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Rooms.ROOT + ".torch.SelectionOps")
                .should()
                .callMethodWhere(describe(
                        "NDArray's mul, div or pow of a Number",
                        (JavaMethodCall call) -> call.getTargetOwner().isAssignableTo("ai.djl.ndarray.NDArray")
                                && List.of("mul", "div", "pow").contains(call.getName())
                                && call.getTarget()
                                        .getRawParameterTypes()
                                        .get(0)
                                        .isEquivalentTo(Number.class)))
                .check(MAIN);
    }

    @Test
    void onlyCommands_writeToStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackages(Rooms.ROOT + ".cli..", Rooms.ROOT + ".actors.app..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(MAIN);
    }

    @Test
    void logging_goesThroughSlf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(MAIN);
    }

    @Test
    void names_sayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Impl|Utils?)")
                .orShould()
                .haveNameMatching(".*\\.Util[^.]*")
                .check(MAIN_AND_TESTS);
    }

    private static ArchCondition<JavaClass> importOnlyWhatTheirRoomMay() {
        return new ArchCondition<>("import only what their room may") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String name = roomOf(type);
                Room room = Rooms.byName().get(name);
                if (room == null) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + ": no line in Rooms for " + name));
                    return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().startsWith(Rooms.ROOT + '.') && !mayImport(room, roomOf(target))) {
                        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean mayImport(Room room, String imported) {
        if (imported.equals(room.name())) {
            return true;
        }
        if (room.mayImport().contains("*")) {
            return Rooms.floorOf(imported).orElse(Integer.MAX_VALUE) < room.floor();
        }
        return room.mayImport().contains(imported);
    }

    private static String roomOf(JavaClass type) {
        String inside = type.getPackageName().substring(Rooms.ROOT.length());
        int end = inside.indexOf('.', 1);
        return inside.isEmpty() ? "" : inside.substring(1, end < 0 ? inside.length() : end);
    }
}
