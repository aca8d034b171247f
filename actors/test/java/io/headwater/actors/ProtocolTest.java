package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that an actor's protocol permits has its handler: an unhandled one would be dropped in silence. */
class ProtocolTest {
    private static final Path SOURCES = Path.of("actors/main/java/io/headwater/actors");

    static Stream<Class<?>> actors() {
        return Stream.of(
                AnnouncingActor.class,
                BatchActor.class,
                FollowingActor.class,
                GateActor.class,
                Guardian.class,
                IngestActor.class,
                ModelActor.class,
                RegistryActor.class,
                ScoringActor.class,
                ServingActor.class,
                TrafficActor.class,
                TrainerActor.class,
                TrainingActor.class);
    }

    @ParameterizedTest
    @MethodSource("actors")
    void protocol_everyPermittedMessageHasAHandler(Class<?> actor) throws IOException {
        String source = Files.readString(SOURCES.resolve(actor.getSimpleName() + ".java"));
        Class<?> protocol = Arrays.stream(actor.getDeclaredClasses())
                .filter(type -> type.getSimpleName().equals("Command"))
                .findFirst()
                .orElseThrow();

        assertThat(protocol.isSealed()).isTrue();
        assertThat(protocol.getPermittedSubclasses())
                .isNotEmpty()
                .allSatisfy(
                        message -> assertThat(source).contains(".onMessage(" + message.getSimpleName() + ".class,"));
    }

    @Test
    void actors_areAllListedHere() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".java", ""))
                            .filter(name -> name.endsWith("Actor") || name.equals("Guardian")))
                    .containsExactlyInAnyOrderElementsOf(
                            actors().map(Class::getSimpleName).toList());
        }
    }
}
