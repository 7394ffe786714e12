package io.vpceni.eni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Ec2IdsTest {

    static Stream<Named<Function<String, Object>>> types() {
        return Stream.of(
                Named.of("the id of the instance", InstanceId::new),
                Named.of("the id of the subnet", SubnetId::new),
                Named.of("the id of the VPC", VpcId::new),
                Named.of("the id of the attachment", AttachmentId::new),
                Named.of("the client token", ClientToken::new));
    }

    /// Logs, JSON and messages print the object.
    @ParameterizedTest
    @MethodSource("types")
    void anIdPrintsAsItsValue(Function<String, Object> type) {
        assertThat(type.apply("x-0a1b")).hasToString("x-0a1b");
    }

    @ParameterizedTest
    @MethodSource("types")
    void aBlankIdIsRefused(Function<String, Object> type) {
        assertThatIllegalArgumentException().isThrownBy(() -> type.apply("")).withMessageEndingWith(" is blank");
        assertThatIllegalArgumentException().isThrownBy(() -> type.apply(" ")).withMessageEndingWith(" is blank");
    }
}
