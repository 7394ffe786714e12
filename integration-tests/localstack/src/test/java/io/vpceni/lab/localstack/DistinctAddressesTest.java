package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class DistinctAddressesTest {
    private static final ProxiedCall CREATE = ProxiedCall.of(
            "CreateNetworkInterface", Map.of("SubnetId", "subnet-1", "SecondaryPrivateIpAddressCount", "1"));

    private final DistinctAddresses mend = new DistinctAddresses();

    @Test
    void aGoodDrawIsLeftAsItIs() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack("10.0.0.10", "10.0.0.11");

        mend.carry(CREATE, localStack);

        assertThat(localStack.addresses("eni-1")).containsExactly("10.0.0.10", "10.0.0.11");
    }

    @Test
    void anEniThatRepeatsAnAddressIsDrawnAgain() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack("10.0.0.10", "10.0.0.10", "10.0.0.12", "10.0.0.13");

        ProxiedAnswer answer = mend.carry(CREATE, localStack);

        assertThat(localStack.eniIds()).containsExactly("eni-2");
        assertThat(answer.body()).contains("eni-2", "10.0.0.12", "10.0.0.13");
    }

    @Test
    void anEniWithTheRoutersAddressIsDrawnAgain() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack("10.0.0.1", "10.0.0.11", "10.0.0.12", "10.0.0.13");

        mend.carry(CREATE, localStack);

        assertThat(localStack.addresses("eni-2")).containsExactly("10.0.0.12", "10.0.0.13");
    }

    @Test
    void anAssignedAddressOfAnotherEniIsGivenBackAndDrawnAgain() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack(
                "10.0.0.10", "10.0.0.11", "10.0.0.20", "10.0.0.21", "10.0.0.11", "10.0.0.22", "10.0.0.23");
        mend.carry(CREATE, localStack);
        mend.carry(CREATE, localStack);

        ProxiedAnswer answer = mend.carry(assign("eni-2", 2), localStack);

        assertThat(localStack.addresses("eni-2")).containsExactly("10.0.0.20", "10.0.0.21", "10.0.0.22", "10.0.0.23");
        assertThat(assigned(answer)).contains("10.0.0.22", "10.0.0.23").doesNotContain("10.0.0.11");
    }

    @Test
    void anAddressThatOneCallDrewTwiceLeavesTwoToDraw() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack(
                "10.0.0.10", "10.0.0.11", "10.0.0.20", "10.0.0.20", "10.0.0.21", "10.0.0.22", "10.0.0.23");
        mend.carry(CREATE, localStack);

        ProxiedAnswer answer = mend.carry(assign("eni-1", 3), localStack);

        assertThat(localStack.addresses("eni-1"))
                .containsExactly("10.0.0.10", "10.0.0.11", "10.0.0.21", "10.0.0.22", "10.0.0.23");
        assertThat(assigned(answer)).contains("10.0.0.21", "10.0.0.22", "10.0.0.23");
    }

    @Test
    void whenEveryDrawIsBadTheSubnetCountsAsExhaustedAndNothingIsKept() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack(Stream.concat(
                        Stream.of("10.0.0.10", "10.0.0.11"),
                        Stream.generate(() -> "10.0.0.255").limit(DistinctAddresses.DRAWS_MAX))
                .toArray(String[]::new));
        mend.carry(CREATE, localStack);

        ProxiedAnswer answer = mend.carry(assign("eni-1", 1), localStack);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("InsufficientFreeAddressesInSubnet");
        assertThat(localStack.addresses("eni-1")).containsExactly("10.0.0.10", "10.0.0.11");
    }

    @Test
    void addressesThatTheCallerNamedAreNotMended() throws IOException {
        DrawingLocalStack localStack = new DrawingLocalStack("10.0.0.1", "10.0.0.2");

        mend.carry(CREATE.with("PrivateIpAddress", "10.0.0.1"), localStack);

        assertThat(localStack.eniIds()).containsExactly("eni-1");
    }

    private static ProxiedCall assign(String eniId, int count) {
        return ProxiedCall.of(
                "AssignPrivateIpAddresses",
                Map.of("NetworkInterfaceId", eniId, "SecondaryPrivateIpAddressCount", Integer.toString(count)));
    }

    private static List<String> assigned(ProxiedAnswer answer) throws IOException {
        Element root = LocalStackXml.parse(answer.body());
        return LocalStackXml.items(root, "assignedPrivateIpAddressesSet").stream()
                .map(item -> LocalStackXml.text(item, "privateIpAddress"))
                .collect(Collectors.toList());
    }
}
