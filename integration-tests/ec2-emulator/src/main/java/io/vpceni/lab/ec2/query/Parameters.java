package io.vpceni.lab.ec2.query;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parameters of one request, or of one structure in it (`NetworkInterface.1.`), read strictly.
///
/// Each read marks a parameter as known; [#refuseUnread] then refuses what no read asked for. So an action must
/// read all that it knows before it does anything.
public final class Parameters {
    private static final Pattern INDEX = Pattern.compile("([1-9][0-9]{0,3})(?:\\.(.+))?");

    private final SortedMap<String, String> all;
    private final Set<String> read;
    private final String prefix;

    public Parameters(Map<String, String> all) {
        this(new TreeMap<>(all), new TreeSet<>(), "");
    }

    private Parameters(SortedMap<String, String> all, Set<String> read, String prefix) {
        this.all = all;
        this.read = read;
        this.prefix = prefix;
    }

    public Optional<String> optional(String name) {
        String key = prefix + name;
        read.add(key);
        return Optional.ofNullable(all.get(key)).filter(value -> !value.isEmpty());
    }

    /// @throws Ec2Refusal `MissingParameter` also for an empty value
    public String required(String name) {
        return optional(name).orElseThrow(() -> Ec2Refusal.missing(prefix + name));
    }

    public String text(String name, String otherwise) {
        return optional(name).orElse(otherwise);
    }

    /// @throws Ec2Refusal if there is a value that is no whole number from `min` to `max`
    public OptionalInt integer(String name, int min, int max) {
        Optional<String> text = optional(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        String wanted = "Expecting an integer from " + min + " to " + max;
        if (!text.get().matches("-?[0-9]{1,18}")) {
            throw Ec2Refusal.invalidValue(prefix + name, text.get(), wanted);
        }
        BigInteger value = new BigInteger(text.get());
        if (value.compareTo(BigInteger.valueOf(min)) < 0 || value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw Ec2Refusal.invalidValue(prefix + name, text.get(), wanted);
        }
        return OptionalInt.of(value.intValue());
    }

    public int requiredInteger(String name, int min, int max) {
        return integer(name, min, max).orElseThrow(() -> Ec2Refusal.missing(prefix + name));
    }

    public Optional<Boolean> flag(String name) {
        return optional(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Ec2Refusal.invalidValue(prefix + name, text, "Expecting true or false");
        });
    }

    /// One of the words; EC2 compares them exactly.
    public String word(String name, String otherwise, String... words) {
        String word = text(name, otherwise);
        if (!Arrays.asList(words).contains(word)) {
            throw Ec2Refusal.invalidValue(prefix + name, word, "Expecting one of " + Arrays.toString(words));
        }
        return word;
    }

    public Optional<InetAddress> address(String name) {
        return optional(name).map(text -> toAddress(prefix + name, text));
    }

    /// `Name.1`, `Name.2`, ... in the order of the numbers; gaps are allowed, as EC2 allows them.
    public List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (int index : indexes(name)) {
            optional(name + "." + index).ifPresent(values::add);
        }
        return values;
    }

    /// As [#list], with at least one value.
    public List<String> requiredList(String name) {
        List<String> values = list(name);
        if (values.isEmpty()) {
            throw Ec2Refusal.missing(prefix + name);
        }
        return values;
    }

    public List<InetAddress> addresses(String name) {
        return list(name).stream().map(text -> toAddress(prefix + name, text)).toList();
    }

    /// `Name.1.*`, `Name.2.*`, ... each to be read as parameters of their own.
    public List<Parameters> structures(String name) {
        return indexes(name).stream()
                .map(index -> new Parameters(all, read, prefix + name + "." + index + "."))
                .toList();
    }

    /// `Name.*` to be read as parameters of their own.
    public Parameters structure(String name) {
        return new Parameters(all, read, prefix + name + ".");
    }

    /// Whether anything is given under the name: the parameter itself, a list or a structure.
    public boolean given(String name) {
        String key = prefix + name;
        return all.containsKey(key)
                || all.tailMap(key + ".").keySet().stream()
                        .findFirst()
                        .orElse("")
                        .startsWith(key + ".");
    }

    /// Parameters that EC2 knows and this emulation cannot serve yet: refused clearly if given (a count of 0
    /// requests nothing).
    public void refuseUnsupported(String what, String... names) {
        for (String name : names) {
            boolean wanted = given(name) && !optional(name).orElse("").equals("0");
            if (wanted) {
                throw new Ec2Refusal(
                        "UnsupportedOperation", "This EC2 emulation knows no " + what + " yet: " + prefix + name);
            }
        }
    }

    /// @throws Ec2Refusal `UnknownParameter` for the first parameter, in alphabetical order, that nothing has read
    public void refuseUnread() {
        for (String name : all.keySet()) {
            if (!read.contains(name)) {
                throw new Ec2Refusal(
                        "UnknownParameter", "The parameter " + name + " is not recognized by this EC2 emulation");
            }
        }
    }

    /// All parameters but those named: equal for equal requests.
    public SortedMap<String, String> allBut(Set<String> names) {
        SortedMap<String, String> rest = new TreeMap<>(all);
        rest.keySet().removeAll(names);
        return rest;
    }

    private List<Integer> indexes(String name) {
        String start = prefix + name + ".";
        Set<Integer> indexes = new TreeSet<>();
        for (String key : all.tailMap(start).keySet()) {
            if (!key.startsWith(start)) {
                break;
            }
            Matcher index = INDEX.matcher(key.substring(start.length()));
            if (index.matches()) {
                indexes.add(Integer.valueOf(index.group(1)));
            }
        }
        return List.copyOf(indexes);
    }

    private static InetAddress toAddress(String name, String text) {
        try {
            if (InetAddress.ofLiteral(text) instanceof Inet4Address address) {
                return address;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw (Ec2Refusal) Ec2Refusal.invalidValue(name, text, "Expecting an IPv4 address")
                    .initCause(notAnAddress);
        }
        throw Ec2Refusal.invalidValue(name, text, "Expecting an IPv4 address");
    }
}
