package io.vpceni.config;

import java.util.List;
import java.util.Map;

/// All settings, read once from the whole environment.
///
/// @param warnings lines to log once at start: variables that are set and have no effect
public record Settings(
        PoolSettings pool,
        NetworkSettings network,
        EniSettings eni,
        DaemonSettings daemon,
        TakeoverSettings takeover,
        ProxySettings proxies,
        List<String> warnings) {

    public Settings {
        warnings = List.copyOf(warnings);
    }

    /// Reads all settings. A variable that is set to "" counts as unset. Variables of other programs are
    /// ignored.
    ///
    /// @throws SettingsException with all problems, when there is at least one
    public static Settings from(Map<String, String> environment) throws SettingsException {
        Reading reading = new Reading(environment);
        Settings settings = new Settings(
                PoolSettings.from(reading),
                NetworkSettings.from(reading),
                EniSettings.from(reading),
                DaemonSettings.from(reading),
                TakeoverSettings.from(reading),
                ProxySettings.from(reading),
                reading.warnings());
        reading.refuseUnsupportedModes();
        SdkVariables.refuse(reading);
        reading.refuseUnknownSettings();
        reading.throwIfAnyProblem();
        return settings;
    }
}
