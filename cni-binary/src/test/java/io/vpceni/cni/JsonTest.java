package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    static List<Arguments> goodValues() {
        return List.of(
                Arguments.of("null", Json.Kind.NULL, "null"),
                Arguments.of(" true\r\n", Json.Kind.TRUE_OR_FALSE, "true"),
                Arguments.of("\tfalse", Json.Kind.TRUE_OR_FALSE, "false"),
                Arguments.of("0", Json.Kind.NUMBER, "0"),
                Arguments.of("-0", Json.Kind.NUMBER, "-0"),
                Arguments.of("-12.50e+2", Json.Kind.NUMBER, "-12.50e+2"),
                Arguments.of("1E400", Json.Kind.NUMBER, "1E400"),
                Arguments.of("3e-2", Json.Kind.NUMBER, "3e-2"),
                Arguments.of("\"\"", Json.Kind.STRING, ""),
                Arguments.of("\"grüße €\"", Json.Kind.STRING, "grüße €"),
                Arguments.of("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", Json.Kind.STRING, "\"\\/\b\f\n\r\t"),
                Arguments.of("\"\\u0041\\u00e4\\uD83D\\uDE00x\"", Json.Kind.STRING, "Aä😀x"),
                Arguments.of("[]", Json.Kind.ARRAY, "[]"),
                Arguments.of("[ 1 , [ ] , {} ]", Json.Kind.ARRAY, "[ 1 , [ ] , {} ]"),
                Arguments.of("{}", Json.Kind.OBJECT, "{}"),
                Arguments.of("{ \"v\" : { \"v\" : [ true ] } }", Json.Kind.OBJECT, "{ \"v\" : { \"v\" : [ true ] } }"),
                Arguments.of("[" + "7,".repeat(50) + "7]", Json.Kind.ARRAY, "[" + "7,".repeat(29) + "7..."));
    }

    @ParameterizedTest
    @MethodSource("goodValues")
    void reads(String text, Json.Kind kind, String says) throws Json.Malformed {
        assertThat(object("{\"a\":1, \"v\" : " + text + ",\"z\":[]}").member("v"))
                .isEqualTo(new Json.Value(kind, says));
    }

    @Test
    void ofANameThatStandsThereTwiceTheLastCounts() throws Json.Malformed {
        assertThat(object("{\"v\":1,\"v\":2}").member("v").text()).isEqualTo("2");
    }

    @Test
    void onlyTheObjectsOwnMembersCount() throws Json.Malformed {
        assertThat(object("{\"a\":{\"v\":1},\"b\":[{\"v\":2}]}").member("v"))
                .isEqualTo(new Json.Value(Json.Kind.MISSING, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "v,true",
        "\\u0076,true",
        "\\u0056,false",
        "\\u0176,false",
        "vv,false",
        "'',false",
        "\\n,false",
        "\\\",false",
        "ö,false"
    })
    void aNameMayHaveEscapes(String name, boolean same) throws Json.Malformed {
        assertThat(object("{\"" + name + "\":1}").member("v").is(Json.Kind.NUMBER))
                .isEqualTo(same);
    }

    @Test
    void whatFollowsTheTextInItsArrayIsNotRead() throws Json.Malformed {
        byte[] text = "{\"v\":1}garbage".getBytes(UTF_8);

        assertThat(Json.object(text, 7, "v").member("v").text()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "\"{}\"", "null"})
    void anythingButAnObjectIsRefused(String text) {
        assertThatThrownBy(() -> object(text)).hasMessage("want an object at byte 1");
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
        assertThatThrownBy(() -> object(text))
                .isInstanceOf(Json.Malformed.class)
                .hasMessageContaining(" at byte ");
        assertThatThrownBy(() -> object("{\"v\":" + text + "}")).isInstanceOf(Json.Malformed.class);
    }

    @Test
    void saysWhereItStopped() {
        assertThatThrownBy(() -> object("{\"a\":1,}")).hasMessage("want a member's name at byte 8");
        assertThatThrownBy(() -> object("{\"ä\": maybe}")).hasMessage("want a value at byte 8");
    }

    @Test
    void nestingHasABound() throws Json.Malformed {
        assertThat(object("{\"v\":" + "[".repeat(63) + "]".repeat(63) + "}")
                        .member("v")
                        .kind())
                .isEqualTo(Json.Kind.ARRAY);
        assertThatThrownBy(() -> object("{\"v\":" + "[".repeat(64) + "]".repeat(64) + "}"))
                .isInstanceOf(Json.Malformed.class)
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> object("{\"a\":".repeat(500_000))).hasMessageContaining("nested too deeply");
    }

    @Test
    void neighboursDoNotCountAsNesting() throws Json.Malformed {
        assertThat(object("{\"v\":[" + "[],".repeat(1_000) + "[]]}").member("v").kind())
                .isEqualTo(Json.Kind.ARRAY);
    }

    @Test
    void whatIsQuotedIsReadAsItWas() throws Json.Malformed {
        StringBuilder all = new StringBuilder("\u2028😀ä\u007f/");
        for (char c = 0; c < 128; c++) {
            all.append(c);
        }

        String quoted = Json.quoted(all.toString());

        assertThat(object("{\"v\":" + quoted + "}").member("v").text()).isEqualTo(all.toString());
        assertThat(quoted).contains("\\u0000", "\\u001f", "\\\"", "\\\\").doesNotContain("\n");
    }

    private static Json object(String text) throws Json.Malformed {
        byte[] bytes = text.getBytes(UTF_8);
        return Json.object(bytes, bytes.length, "v");
    }
}
