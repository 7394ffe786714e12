package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A CNI error object as it was printed (CNI 1.1, section 5 "Error").
record CniError(String cniVersion, int code, String msg) {
    static CniError read(byte[] printed) {
        try {
            Json json = Json.object(printed, printed.length, "cniVersion", "code", "msg");
            return new CniError(
                    json.member("cniVersion").text(),
                    Integer.parseInt(json.member("code").text()),
                    json.member("msg").text());
        } catch (Json.Malformed | NumberFormatException e) {
            throw new AssertionError("no CNI error: '" + new String(printed, UTF_8) + "'", e);
        }
    }
}
