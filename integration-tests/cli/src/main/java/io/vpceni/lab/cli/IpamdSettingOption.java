package io.vpceni.lab.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A variable for ipamd as the option `--set` takes it: `WARM_IP_TARGET=3`. The value may be empty.
final class IpamdSettingOption implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        if (text.indexOf('=') < 1) {
            throw new TypeConversionException("'" + text + "' has no name before a '=', as WARM_IP_TARGET=3 has");
        }
        return text;
    }

    /// @param words each as [#convert] lets it through; of two with one name the later wins
    static Map<String, String> byName(List<String> words) {
        Map<String, String> byName = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            byName.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return byName;
    }
}
