package io.vpceni.lab.ec2.fault;

/// A caller that a fault may hit.
///
/// @param id `administrator` or the id of an instance
/// @param name the instance's tag `Name`; empty for none
public record Principals(String id, String name) {
    public static Principals administrator() {
        return new Principals(FaultRule.ADMINISTRATOR, "");
    }

    public boolean isNode() {
        return !id.equals(FaultRule.ADMINISTRATOR);
    }

    /// For people: the name where there is one.
    public String shown() {
        return name.isEmpty() ? id : name;
    }
}
