package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics on a broker with a default of its own for partitions, and with a user who may not make any. */
class NewTopicsIT {
    private static final int PARTITIONS = 7;
    private static final String GUEST = "guest";

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start(@TempDir Path directory) {
        broker = EmbeddedBroker.start(
                directory,
                Map.of(
                        "num.partitions",
                        Integer.toString(PARTITIONS),
                        "authorizer.class.name",
                        GuestsMakeNoTopics.class.getName()));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaClients clients(String who) {
        return new KafkaClients(broker.bootstrapServers(), Map.of("client.id", who));
    }

    @Test
    void createTopic_withTheBrokersOwnPartitions_returnsWhenAllOfThemAnswer() throws Exception {
        for (int i = 0; i < 4; i++) {
            String topic = "own-" + i;
            clients("anybody").createTopic(topic, 0, 0, Map.of());

            assertThat(partitions(topic)).isEqualTo(PARTITIONS);
            Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
            // No retries: a partition that does not answer yet fails the call at once.
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers(), "retries", 0))) {
                assertThat(admin.listOffsets(ends).all().get()).hasSize(PARTITIONS);
            }
        }
    }

    @Test
    void createTopic_byWhoMayNot_leavesATopicThatIsThereAsItIs() throws Exception {
        clients("anybody").createTopic("there", 2, 1, Map.of());

        clients(GUEST).createTopic("there", 5, 1, Map.of());

        assertThat(partitions("there")).isEqualTo(2);
    }

    @Test
    void createTopic_byWhoMayNot_isRefusedWhereThereIsNone() {
        assertThatThrownBy(() -> clients(GUEST).createTopic("missing", 5, 1, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("topic missing cannot be made: ")
                .hasMessageContaining(TopicAuthorizationException.class.getSimpleName());
        assertThatThrownBy(() -> partitions("missing")).isInstanceOf(ExecutionException.class);
    }

    private static int partitions(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .mapToInt(described -> described.partitions().size())
                    .sum();
        }
    }

    /** Everybody may do everything, but whoever calls himself a guest makes no topics. */
    public static final class GuestsMakeNoTopics implements Authorizer {
        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
            return server.endpoints().stream()
                    .collect(Collectors.toMap(
                            Function.identity(), endpoint -> CompletableFuture.<Void>completedFuture(null)));
        }

        @Override
        public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
            return actions.stream()
                    .map(action -> GUEST.equals(context.clientId()) && action.operation() == AclOperation.CREATE
                            ? AuthorizationResult.DENIED
                            : AuthorizationResult.ALLOWED)
                    .toList();
        }

        @Override
        public List<? extends CompletionStage<AclCreateResult>> createAcls(
                AuthorizableRequestContext context, List<AclBinding> bindings) {
            throw new UnsupportedOperationException("there are no lists here");
        }

        @Override
        public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
                AuthorizableRequestContext context, List<AclBindingFilter> filters) {
            throw new UnsupportedOperationException("there are no lists here");
        }

        @Override
        public Iterable<AclBinding> acls(AclBindingFilter filter) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
