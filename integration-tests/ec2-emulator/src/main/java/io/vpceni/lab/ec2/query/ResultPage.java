package io.vpceni.lab.ec2.query;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/// Which part of a sorted list an answer shows: `MaxResults` and `NextToken` of the Describe actions.
///
/// A token names the last item shown, so that a page neither repeats nor skips what was there all the time, though
/// other things come and go between two calls.
public final class ResultPage {
    private static final String TOKEN_START = "after:";

    private final int itemsMax;
    private final String after;

    private ResultPage(int itemsMax, String after) {
        this.itemsMax = itemsMax;
        this.after = after;
    }

    /// @param itemsMax the largest `MaxResults`; the smallest is 5
    /// @param ids `true` if the request names what it wants by id, which excludes pages
    /// @throws Ec2Refusal `InvalidParameterValue`, `InvalidParameterCombination` or `InvalidNextToken`
    public static ResultPage read(Parameters parameters, int itemsMax, boolean ids) {
        OptionalInt max = parameters.integer("MaxResults", 5, itemsMax);
        String token = parameters.text("NextToken", "");
        if (ids && max.isPresent()) {
            throw Ec2Refusal.invalidCombination("MaxResults and a list of ids may not be used together");
        }
        return new ResultPage(max.orElse(Integer.MAX_VALUE), decode(token));
    }

    /// Writes the page's items as the list `name`, and `nextToken` if there are more.
    ///
    /// @param sorted by `id`, ascending
    public <T> void write(Xml xml, String name, List<T> sorted, Function<T, String> id, Consumer<T> body) {
        List<T> rest = sorted.stream()
                .filter(item -> after.isEmpty() || id.apply(item).compareTo(after) > 0)
                .toList();
        List<T> shown = rest.subList(0, Math.min(itemsMax, rest.size()));
        xml.list(name, shown, body);
        if (shown.size() < rest.size()) {
            xml.text("nextToken", encode(id.apply(shown.getLast())));
        }
    }

    private static String encode(String id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((TOKEN_START + id).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        if (token.isEmpty()) {
            return "";
        }
        Ec2Refusal invalid = new Ec2Refusal("InvalidNextToken", "The token '" + token + "' is invalid");
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(TOKEN_START)) {
                return text.substring(TOKEN_START.length());
            }
        } catch (IllegalArgumentException notBase64) {
            invalid.initCause(notBase64);
        }
        throw invalid;
    }
}
