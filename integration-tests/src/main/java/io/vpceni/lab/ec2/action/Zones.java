package io.vpceni.lab.ec2.action;

import io.vpceni.lab.ec2.model.Ec2State;
import java.util.Locale;

/// Names of availability zones.
final class Zones {
    private Zones() {}

    /// The id of a zone: `use1-az1` of `us-east-1a`.
    static String id(Ec2State state, String zone) {
        String[] words = state.region().split("-", -1);
        StringBuilder id = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            id.append(words[i].charAt(0));
        }
        int number = zone.charAt(zone.length() - 1) - 'a' + 1;
        return id.append("-az").append(number).toString().toLowerCase(Locale.ROOT);
    }
}
