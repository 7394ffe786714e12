package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.Links.Ipv4Setting;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Events by hand from the kernel's headers, on a little-endian machine as the nodes are.
class EventReaderTest {

    private static final String PORT = "efbe0000"; // 0xbeef

    @Test
    void aRuleThatWentNamesThePortOfWhoAsked() {
        assertThat(read(message(33, "0220" + "0000fe00000100000000" + "080001000a000009")))
                .containsExactly(new KernelEvent.Changed(0xbeef, KernelEvent.What.RULE));
    }

    @Test
    void anAddressOfTheOtherFamilyIsNoEvent() {
        assertThat(read(message(20, "0a40800003000000"))).isEmpty();
    }

    /// A link of index 3, up and with carrier, MTU 1400, with FORWARDING 1 and RP_FILTER 2 among its first eight
    /// settings.
    @Test
    void aLinkHasCarrierAndSettings() {
        String settings = "01000000" + "00000000".repeat(6) + "02000000";
        String inet = "2800" + "0200" + "2400" + "0100" + settings;
        List<KernelEvent> events = read(message(
                16, "00000100" + "03000000" + "41000100" + "00000000" + "0800040078050000" + "2c001a00" + inet));

        assertThat(events).hasSize(1);
        assertThat(((KernelEvent.LinkIs) events.getFirst()).state()).satisfies(state -> {
            assertThat(state.link().index()).isEqualTo(3);
            assertThat(state.link().up()).isTrue();
            assertThat(state.carrier()).isTrue();
            assertThat(state.settings())
                    .isEqualTo(Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.PROXY_ARP, 0, Ipv4Setting.RP_FILTER, 2));
        });
    }

    /// NETCONFA_IFINDEX 7, NETCONFA_FORWARDING 0.
    @Test
    void aSettingNamesItsLinkAndItsValue() {
        assertThat(read(message(80, "02000000" + "0800010007000000" + "0800020000000000")))
                .containsExactly(new KernelEvent.SettingsAre(0xbeef, 7, Map.of(Ipv4Setting.FORWARDING, 0)));
    }

    /// NETCONFA_FORWARDING 1, NETCONFA_RP_FILTER 2, NETCONFA_MC_FORWARDING 0, NETCONFA_PROXY_NEIGH 0: the last is what
    /// wiring changes a moment later.
    @Test
    void aNewLinkTellsTheSettingsThatItKeeps() {
        assertThat(read(message(
                        80,
                        "02000000" + "0800010007000000" + "0800020001000000" + "0800030002000000" + "0800040000000000"
                                + "0800050000000000")))
                .containsExactly(new KernelEvent.SettingsAre(
                        0xbeef, 7, Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.RP_FILTER, 2)));
    }

    /// NFTA_GEN_ID, NFTA_GEN_PROC_PID, NFTA_GEN_PROC_NAME `nft`; a table that was added comes before it.
    @Test
    void aTransactionOfNftablesIsOneEventAndNamesTheThread() {
        String table = message(10 << 8, "02000000" + "0800010061626300");
        String generation =
                message(10 << 8 | 15, "00000000" + "0800010000000005" + "0800020000000d05" + "08000300" + "6e667400");

        assertThat(read(table + generation)).containsExactly(new KernelEvent.NftGeneration(0xbeef, 0xd05));
    }

    @Test
    void whatCannotBeReadCountsAsLost() {
        assertThat(read("ffff0000" + "2000" + "0000" + "00000000" + PORT)).containsExactly(new KernelEvent.Lost());
        assertThat(read(message(32, "0220" + "0000fe00000100000000" + "ff0001000a000009")))
                .containsExactly(
                        new KernelEvent.Changed(0xbeef, KernelEvent.What.RULE)); // its attributes do not matter
        assertThat(read(message(16, "0000"))).containsExactly(new KernelEvent.Lost());
    }

    private static String message(int type, String body) {
        ByteBuffer header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(16 + body.length() / 2).putShort((short) type).putShort((short) 0);
        return HexFormat.of().formatHex(header.array()) + "00000000" + PORT + body;
    }

    private static List<KernelEvent> read(String datagram) {
        List<KernelEvent> events = new ArrayList<>();
        EventReader.read(ByteBuffer.wrap(HexFormat.of().parseHex(datagram)), events);
        return events;
    }
}
