package io.vpceni.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [Cidr], [MacAddress] and [Conflist]: small values with a written form.
class AddressTypesTest {

    @ParameterizedTest(name = "{1} in {0}: {2}")
    @CsvSource({
        "10.0.0.0/16,    10.0.255.255, true",
        "10.0.0.0/16,    10.1.0.0,     false",
        "10.0.0.128/25,  10.0.0.127,   false",
        "10.0.0.128/25,  10.0.0.128,   true",
        "0.0.0.0/0,      255.1.2.3,    true",
        "10.0.0.7/32,    10.0.0.7,     true",
        "10.0.0.7/32,    10.0.0.6,     false",
        "0.0.0.0/0,      ::1,          false",
        "fd00::/8,       fdff::1,      true",
        "fd00::/9,       fd80::1,      false"
    })
    void aCidrContainsItsAddresses(String cidr, String address, boolean contains) {
        assertThat(Cidr.parse(cidr).contains(InetAddress.ofLiteral(address))).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1/16", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/", "/8", "a/8"
            })
    void whatIsNoCidrIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }

    @Test
    void hostBitsAreClearedOnRequest() {
        assertThat(Cidr.containing(InetAddress.ofLiteral("10.0.3.7"), 23)).hasToString("10.0.2.0/23");
        assertThat(Cidr.parseContaining("10.0.3.7/16")).isEqualTo(Cidr.parse("10.0.0.0/16"));
    }

    @Test
    void cidrsAreOrderedByFamilyNumberAndLength() {
        assertThat(Stream.of("fd00::/8", "192.0.0.0/8", "10.0.0.0/16", "10.0.0.0/8")
                        .map(Cidr::parse)
                        .sorted())
                .map(Cidr::toString)
                .containsExactly("10.0.0.0/8", "10.0.0.0/16", "192.0.0.0/8", "fd00:0:0:0:0:0:0:0/8");
    }

    @Test
    void aMacIsReadInEitherCaseAndWrittenInLower() {
        MacAddress mac = MacAddress.parse("02:AA:ff:00:1b:0c");

        assertThat(mac).hasToString("02:aa:ff:00:1b:0c");
        assertThat(mac.bytes()).containsExactly(0x02, 0xaa, 0xff, 0x00, 0x1b, 0x0c);
        assertThat(MacAddress.of(mac.bytes())).isEqualTo(mac);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:aa:ff:00:1b", "02:aa:ff:00:1b:0c:0d", "02-aa-ff-00-1b-0c", "02:aa:ff:00:1b:0g"})
    void whatIsNoMacIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse(text));
    }

    @Test
    void theConflistSaysWhatTheRuntimeNeeds() {
        assertThat(new Conflist(Path.of("/run/vpc-eni/ipamd.sock"), Duration.ofSeconds(60)).toJson())
                .isEqualTo("""
                {
                  "cniVersion": "1.0.0",
                  "name": "vpc-eni",
                  "disableCheck": true,
                  "plugins": [
                    {
                      "type": "vpc-eni",
                      "ipamdSocket": "/run/vpc-eni/ipamd.sock",
                      "ipamdWaitSeconds": 60
                    }
                  ]
                }
                """);
    }

    @Test
    void theConflistEscapesWhatJsonReserves() {
        assertThat(new Conflist(Path.of("/a\"b\\c\td$name"), Duration.ofSeconds(1)).toJson())
                .contains("\"ipamdSocket\": \"/a\\\"b\\\\c\\u0009d$name\",");
    }
}
