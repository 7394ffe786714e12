package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.EniId;
import io.vpceni.pool.journal.CheckedLines;
import io.vpceni.pool.journal.Fields;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Intents as [CheckedLines] (docs/journal.md): one line each, its kind, its time, then its fields.
public final class IntentText {

    /// The version of the format that this class writes and reads.
    public static final int FORMAT = 1;

    private static final String MAGIC = "vpc-eni-intents";

    /// A file of intents that was read.
    ///
    /// @param open the works that did not end, as far as readable lines tell
    /// @param lines readable ones
    /// @param read what became of the text
    public record ReadIntents(OpenIntents open, int lines, CheckedLines.Read read) {}

    private IntentText() {}

    /// The first line of a file.
    public static String header() {
        return CheckedLines.header(MAGIC, FORMAT);
    }

    /// One line for each intent.
    public static String lines(List<Intent> intents) {
        StringBuilder out = new StringBuilder(120 * intents.size());
        intents.forEach(intent -> out.append(CheckedLines.line(write(intent))));
        return out.toString();
    }

    /// Reads one file of intents, once, in pieces.
    public static final class Reader {
        private final OpenIntents open = new OpenIntents();
        private final CheckedLines text = new CheckedLines(MAGIC, FORMAT, this::take);
        private int lines;

        /// The next bytes of the file.
        ///
        /// @param length how many of them count, from the first
        public void read(byte[] bytes, int length) {
            text.read(bytes, length);
        }

        /// What an earlier life wrote, whatever became of it. Never throws.
        public ReadIntents reading() {
            return new ReadIntents(open, lines, text.read());
        }

        private boolean take(String body) {
            try {
                open.apply(parse(body));
                lines++;
                return true;
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }

    /// Reads what is here as a whole. Never throws.
    ///
    /// @param text the file's bytes, one character each
    public static ReadIntents read(String text) {
        Reader reader = new Reader();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        reader.read(bytes, bytes.length);
        return reader.reading();
    }

    static String write(Intent intent) {
        return switch (intent) {
            case Intent.Creating(ClientToken token, SubnetId subnetId, DeviceSlot slot, Instant at) ->
                words(
                        "creating",
                        at,
                        word(token.value()),
                        word(subnetId.value()),
                        slot.networkCard(),
                        slot.deviceIndex());
            case Intent.Attaching(ClientToken token, EniId eni, Instant at) ->
                words("attaching", at, word(token.value()), word(eni));
            case Intent.SettingDeleteOnTermination(
                    ClientToken token,
                    EniId eni,
                    AttachmentId attachmentId,
                    Instant at) ->
                words("setting-delete-on-termination", at, word(token.value()), word(eni), word(attachmentId.value()));
            case Intent.Added(ClientToken token, EniId eni, Instant at) ->
                words("added", at, word(token.value()), word(eni));
            case Intent.Undoing(ClientToken token, EniId eni, Instant at) ->
                words("undoing", at, word(token.value()), word(eni));
            case Intent.Undone(ClientToken token, Instant at) -> words("undone", at, word(token.value()));
            case Intent.Detaching(EniId eni, AttachmentId attachmentId, Instant at) ->
                words("detaching", at, word(eni), word(attachmentId.value()));
            case Intent.Deleting(EniId eni, Instant at) -> words("deleting", at, word(eni));
            case Intent.Deleted(EniId eni, Instant at) -> words("deleted", at, word(eni));
            case Intent.Kept(EniId eni, Instant at) -> words("kept", at, word(eni));
        };
    }

    /// @throws IllegalArgumentException when it is not an intent of this format version
    static Intent parse(String text) {
        Iterator<String> words = Arrays.asList(text.split(" ", -1)).iterator();
        try {
            String kind = words.next();
            Intent intent = parse(kind, Instant.parse(words.next()), words);
            if (words.hasNext()) {
                throw new IllegalArgumentException("more words than fields in '" + text + "'");
            }
            return intent;
        } catch (NoSuchElementException | DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no intent", e);
        }
    }

    private static Intent parse(String kind, Instant at, Iterator<String> words) {
        return switch (kind) {
            case "creating" ->
                new Intent.Creating(
                        token(words), new SubnetId(text(words)), new DeviceSlot(number(words), number(words)), at);
            case "attaching" -> new Intent.Attaching(token(words), eni(words), at);
            case "setting-delete-on-termination" ->
                new Intent.SettingDeleteOnTermination(token(words), eni(words), attachment(words), at);
            case "added" -> new Intent.Added(token(words), eni(words), at);
            case "undoing" -> new Intent.Undoing(token(words), eni(words), at);
            case "undone" -> new Intent.Undone(token(words), at);
            case "detaching" -> new Intent.Detaching(eni(words), attachment(words), at);
            case "deleting" -> new Intent.Deleting(eni(words), at);
            case "deleted" -> new Intent.Deleted(eni(words), at);
            case "kept" -> new Intent.Kept(eni(words), at);
            default -> throw new IllegalArgumentException("'" + kind + "' is no kind of intent");
        };
    }

    private static String words(Object... fields) {
        StringBuilder out = new StringBuilder(120);
        for (Object field : fields) {
            if (!out.isEmpty()) {
                out.append(' ');
            }
            out.append(field);
        }
        return out.toString();
    }

    private static String word(String text) {
        return Fields.encode(text);
    }

    private static String word(EniId eni) {
        return Fields.encode(eni.value());
    }

    private static String text(Iterator<String> words) {
        return Fields.decode(words.next());
    }

    private static EniId eni(Iterator<String> words) {
        return new EniId(text(words));
    }

    private static ClientToken token(Iterator<String> words) {
        return new ClientToken(text(words));
    }

    private static AttachmentId attachment(Iterator<String> words) {
        return new AttachmentId(text(words));
    }

    private static int number(Iterator<String> words) {
        return Integer.parseInt(words.next());
    }
}
