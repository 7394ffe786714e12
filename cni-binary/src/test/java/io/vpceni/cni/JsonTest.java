package io.vpceni.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    static List<Arguments> goodTexts() {
        return List.of(
                Arguments.of("null", null),
                Arguments.of(" true\r\n", true),
                Arguments.of("\tfalse", false),
                Arguments.of("0", 0.0),
                Arguments.of("-0", -0.0),
                Arguments.of("-12.50e+2", -1250.0),
                Arguments.of("1E400", Double.POSITIVE_INFINITY),
                Arguments.of("3e-2", 0.03),
                Arguments.of("\"\"", ""),
                Arguments.of("\"grüße €\"", "grüße €"),
                Arguments.of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"),
                Arguments.of("\"\\u0041\\u00e4\\uD83D\\uDE00\"", "Aä😀"),
                Arguments.of("[]", List.of()),
                Arguments.of("[ 1 , [ ] , {} ]", List.of(1.0, List.of(), Map.of())),
                Arguments.of("[null]", Arrays.asList((Object) null)),
                Arguments.of("{}", Map.of()),
                Arguments.of("{ \"a\" : { \"b\" : [ true ] } }", Map.of("a", Map.of("b", List.of(true)))),
                Arguments.of("{\"a\":1,\"a\":2}", Map.of("a", 2.0)));
    }

    @ParameterizedTest
    @MethodSource("goodTexts")
    void reads(String text, @Nullable Object value) throws Json.Malformed {
        assertThat(Json.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "nul",
                "True",
                "nullx",
                "01",
                "-",
                "+1",
                ".5",
                "1.",
                "1.e3",
                "1e",
                "1e+",
                "0x10",
                "NaN",
                "Infinity",
                "--1",
                "1 2",
                "\"",
                "\"a",
                "\"\\",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\uFF\"",
                "\"\\u１２３４\"",
                "\"tab\there\"",
                "\"line\nbreak\"",
                "'a'",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "{1:2}",
                "{\"a\":1 \"b\":2}",
                "}",
                "[}",
                "{]",
                "{}x",
                "\u00a0{}",
                "\ufeff{}",
                "// c\n{}"
            })
    void refuses(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(Json.Malformed.class)
                .hasMessageContaining(" at character ");
    }

    @Test
    void saysWhereItStopped() {
        assertThatThrownBy(() -> Json.parse("{\"a\":1,}")).hasMessage("want a member's name at character 8");
        assertThatThrownBy(() -> Json.parse("{\"a\": maybe}")).hasMessage("want a value at character 7");
    }

    @Test
    void nestingHasABound() throws Json.Malformed {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(Json.Malformed.class)
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(500_000))).hasMessageContaining("nested too deeply");
    }

    @Test
    void neighboursDoNotCountAsNesting() throws Json.Malformed {
        assertThat(Json.parse("[" + "[],".repeat(1_000) + "[]]"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(1_001);
    }

    @Test
    void aMemberThatIsNoStringIsEmpty() throws Json.Malformed {
        Object object = Json.parse("{\"s\":\"x\",\"n\":1,\"o\":{},\"z\":null}");

        assertThat(Json.string(object, "s")).isEqualTo("x");
        assertThat(List.of("n", "o", "z", "none"))
                .allSatisfy(name -> assertThat(Json.string(object, name)).isEmpty());
        assertThat(Json.string(List.of("s"), "s")).isEmpty();
        assertThat(Json.string(null, "s")).isEmpty();
    }

    @Test
    void whatIsQuotedIsReadAsItWas() throws Json.Malformed {
        StringBuilder all = new StringBuilder("\u2028😀ä\u007f/");
        for (char c = 0; c < 128; c++) {
            all.append(c);
        }

        String quoted = Json.quoted(all.toString());

        assertThat(Json.parse(quoted)).isEqualTo(all.toString());
        assertThat(quoted).contains("\\u0000", "\\u001f", "\\\"", "\\\\").doesNotContain("\n");
    }
}
