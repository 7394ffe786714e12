package io.vpceni.ipamd.cni;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vpceni.rpc.CniRequest;
import io.vpceni.rpc.Variable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one file of the spool holds. `docs/del-spool.md` describes the format.
sealed interface SpooledDel {
    int FORMAT = 1;

    /// A DEL that is to be carried out.
    record Valid(CniRequest request) implements SpooledDel {}

    /// Of another boot of the node: its sandbox ended with that.
    record OfEarlierBoot() implements SpooledDel {}

    /// Not a DEL of this format, or not all of it.
    ///
    /// @param why for people
    record Invalid(String why) implements SpooledDel {}

    Pattern HEADER = Pattern.compile("vpc-eni-del ([0-9]{1,9}) ([0-9a-f-]{36}) ([0-9]{1,9})");

    /// The longest first line.
    int HEADER_LENGTH_MAX = 80;

    /// @param bootId of this boot, `/proc/sys/kernel/random/boot_id`
    static SpooledDel read(byte[] file, String bootId) {
        int end = 0;
        while (end < file.length && end < HEADER_LENGTH_MAX && file[end] != '\n') {
            end++;
        }
        Matcher header = HEADER.matcher(new String(file, 0, end, ISO_8859_1));
        if (end == file.length || !header.matches()) {
            return new Invalid("its first line is not that of a DEL");
        }
        if (Integer.parseInt(header.group(1)) != FORMAT) {
            return new Invalid("it has format " + header.group(1) + ", and this ipamd reads format " + FORMAT
                    + ": install plugin and ipamd of one release");
        }
        if (!header.group(2).equals(bootId)) {
            return new OfEarlierBoot();
        }
        int length = file.length - end - 1;
        if (Integer.parseInt(header.group(3)) != length) {
            return new Invalid("it has " + length + " bytes of the request's " + header.group(3));
        }
        return request(ByteString.copyFrom(file, end + 1, length));
    }

    private static SpooledDel request(ByteString bytes) {
        try {
            CniRequest request = CniRequest.parseFrom(bytes);
            boolean isDel = request.getEnvironmentList().stream()
                    .filter(variable -> variable.getName().equals("CNI_COMMAND"))
                    .map(Variable::getValue)
                    .anyMatch("DEL"::equals);
            return isDel ? new Valid(request) : new Invalid("it holds another request than a DEL");
        } catch (InvalidProtocolBufferException e) {
            return new Invalid("its request cannot be decoded: " + e.getMessage());
        }
    }
}
