package io.vpceni.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;

/// The network configuration list that the container runtime reads (CNI specification 1.0.0, section 1).
///
/// @param ipamdSocket ipamd's socket, as the CNI binary on the host sees it
/// @param ipamdWait how long the CNI binary waits for ipamd on ADD; whole seconds, up to 100: the runtime ends the
///     call after 120, and the binary refuses more (code 7)
public record Conflist(Path ipamdSocket, Duration ipamdWait) {

    /// Name of the file in the runtime's configuration directory. The runtime uses the first file by name.
    /// This name sorts before the AWS VPC CNI's `10-aws.conflist`, which stays on a node that ran it.
    public static final String FILE_NAME = "05-vpc-eni.conflist";

    /// Name of the file in earlier versions.
    public static final String EARLIER_FILE_NAME = "10-vpc-eni.conflist";

    /// Name of the network; the first part of every attachment's key.
    public static final String NETWORK_NAME = "vpc-eni";

    /// Plugin type: the name of the executable that the runtime runs.
    public static final String PLUGIN_TYPE = "vpc-eni";

    /// The newest version that containerd 1.6 and 1.7 accept in a result.
    public static final String CNI_VERSION = "1.0.0";

    /// The file's content: JSON that ends with a newline. The same settings give the same bytes.
    public String toJson() {
        return """
                {
                  "cniVersion": $cniVersion,
                  "name": $name,
                  "disableCheck": true,
                  "plugins": [
                    {
                      "type": $type,
                      "ipamdSocket": $ipamdSocket,
                      "ipamdWaitSeconds": $ipamdWaitSeconds
                    }
                  ]
                }
                """.replace("$cniVersion", quoted(CNI_VERSION))
                .replace("$name", quoted(NETWORK_NAME))
                .replace("$type", quoted(PLUGIN_TYPE))
                .replace("$ipamdWaitSeconds", Long.toString(ipamdWait.toSeconds()))
                .replace("$ipamdSocket", quoted(ipamdSocket.toString()));
    }

    /// A JSON string (RFC 8259, section 7): quotation mark, reverse solidus and control characters are escaped.
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == '\u007f') {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
