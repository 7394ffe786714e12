package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.netlink.Link;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The CNI key that a link belongs to, and how it is stored in the kernel: in the link's alias.
///
/// The alias is `vpc-eni/1 <network> <container id> <interface> <address> <namespace>/<pod>`. A link with this
/// alias is the sandbox, and has that address, whatever happens to the routes and rules that lead there. The
/// link's name does not identify the sandbox, see [HostNames].
record PodIdentity(AttachmentKey key) {

    private static final String ALIAS_START = "vpc-eni/1 ";

    /// `IFALIASZ` in `linux/if.h` is 256, the ending NUL included.
    private static final int ALIAS_BYTES_MAX = 255;

    /// `IFNAMSIZ` in `linux/if.h` is 16, the ending NUL included.
    private static final int NAME_BYTES_MAX = 15;

    /// The longest text of an address: eight groups of four digits.
    private static final int ADDRESS_BYTES_MAX = 39;

    /// Maximum length of network name, container id and interface name together: the rest of the alias.
    static final int KEY_LENGTH_MAX = ALIAS_BYTES_MAX - ALIAS_START.length() - ADDRESS_BYTES_MAX - "    ".length();

    /// An alias that was read back.
    record Alias(PodIdentity identity, InetAddress address, PodName pod) {}

    PodIdentity {
        check(key);
    }

    /// @throws IllegalArgumentException when the key cannot stand in a link's alias
    static void check(AttachmentKey key) {
        checkWord(key.network());
        checkWord(key.containerId());
        checkWord(key.interfaceName());
        if (key.interfaceName().length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException("'" + key.interfaceName() + "' has more than 15 characters");
        }
        if (key.network().length()
                        + key.containerId().length()
                        + key.interfaceName().length()
                > KEY_LENGTH_MAX) {
            throw new IllegalArgumentException("network name and container id have no room in a link's alias");
        }
    }

    private static void checkWord(String word) {
        if (!isWord(word)) {
            throw new IllegalArgumentException("'" + word + "' is not a word of printable ASCII");
        }
    }

    /// A plain loop, because each ADD and DEL creates several identities.
    private static boolean isWord(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Whether the link belongs to this identity.
    boolean isOf(Link link) {
        return parse(link.alias())
                .filter(alias -> alias.identity().equals(this))
                .isPresent();
    }

    /// Truncated to the kernel's limit; the key always fits.
    String alias(InetAddress address, PodName pod) {
        String whole = ALIAS_START + key.network() + " " + key.containerId() + " " + key.interfaceName() + " "
                + address.getHostAddress() + " " + pod.namespace() + "/" + pod.name();
        byte[] bytes = whole.getBytes(StandardCharsets.US_ASCII);
        return new String(bytes, 0, Math.min(bytes.length, ALIAS_BYTES_MAX), StandardCharsets.US_ASCII);
    }

    /// Whether an alias of that length may lack the end of the pod's name.
    static boolean mayBeCut(String alias) {
        return alias.length() >= ALIAS_BYTES_MAX;
    }

    /// Reads what [#alias] wrote; empty for any other alias. The pod's name is the whole rest: runtimes other
    /// than Kubernetes' may use blanks in names of pods.
    static Optional<Alias> parse(String alias) {
        if (!alias.startsWith(ALIAS_START)) {
            return Optional.empty();
        }
        String[] words = alias.split(" ", 6);
        if (words.length != 6 || words[1].isEmpty() || words[2].isEmpty() || words[3].isEmpty()) {
            return Optional.empty();
        }
        int slash = words[5].indexOf('/');
        String namespace = slash < 0 ? words[5] : words[5].substring(0, slash);
        String pod = slash < 0 ? "" : words[5].substring(slash + 1);
        try {
            InetAddress address = InetAddress.ofLiteral(words[4]);
            return Optional.of(new Alias(
                    new PodIdentity(new AttachmentKey(words[1], words[2], words[3])),
                    address,
                    new PodName(namespace, pod)));
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // somebody else wrote it
        }
    }
}
